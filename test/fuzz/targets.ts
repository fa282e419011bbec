/** One file of tests that fuzzes one thing. */
export interface Target {
  file: string;
  where: 'page' | 'node';
  /** How many times as much as in `npm test` makes 100,000 inputs and more, where nothing else is said. */
  times: number;
}

export const TARGETS: Readonly<Record<string, Target>> = {
  sip: { file: 'test/fuzz/wire/sip.test.ts', where: 'page', times: 105 },
  hook: { file: 'test/fuzz/server/hook.test.ts', where: 'node', times: 50 },
  questions: { file: 'test/fuzz/server/questions.test.ts', where: 'node', times: 50 },
  // Every answer takes a call through the real gateway, and some of them two seconds; so some thousands have to do.
  gateway: { file: 'test/fuzz/gateway/answers.test.ts', where: 'node', times: 40 },
  element: { file: 'test/fuzz/element/element.test.ts', where: 'page', times: 100 },
  messages: { file: 'test/fuzz/element/messages.test.ts', where: 'page', times: 105 },
  grants: { file: 'test/fuzz/wire/grants.test.ts', where: 'page', times: 50 },
};
