import { parseArgs, styleText } from 'node:util';
import { readHttpUrl, STANDARD } from '../command-line.js';
import type { CheckResult, Outcome } from './catalogue.js';
import type { ConformanceOptions } from './endpoint.js';
import { conforms, row, summary, type Paint } from './report.js';
import { runConformance } from './run.js';

const USAGE = `Usage: conformance <token-url> [options]

Grades a token endpoint: asks for grants as pages and as programs would, and calls nobody. Use it on an endpoint of your
own; it sends some 250 requests within seconds to find its limits.

  --token-method GET         for a backend that knows no POST; what needs a body is not judged
  --origin <origin>          a page that may call (default: the endpoint's own origin)
  --foreign-origin <origin>  a page that may not (default: https://foreign.example)
  --line <name>              a line that is open (default: none is named)
  --closed-line <name>       a line that is closed now; without it, closed lines are not judged
  --unknown-line <name>      a line that does not exist (default: no-such-line)
  --limit-requests <number>  how many requests to send to meet the limit (default: 200)
  --no-limits                leaves limits unjudged, where they stand in front of the endpoint
  --json                     prints the results as JSON
  --help                     prints this

Exit code: 0 nothing failed, 1 something did, 2 the command was not understood.
`;

const OPTIONS = {
  'token-method': { type: 'string', default: 'POST' },
  origin: { type: 'string' },
  'foreign-origin': { type: 'string' },
  line: { type: 'string' },
  'closed-line': { type: 'string' },
  'unknown-line': { type: 'string' },
  'limit-requests': { type: 'string' },
  'no-limits': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

const COLOURS: Record<Outcome, 'green' | 'red' | 'yellow' | 'gray'> = {
  pass: 'green',
  fail: 'red',
  warn: 'yellow',
  skip: 'gray',
};

/**
 * The command `conformance`.
 * @param args What stands behind the command's name.
 * @returns the exit code
 */
export async function conformanceCommand(args: readonly string[], output = STANDARD): Promise<number> {
  let command: Command;
  try {
    command = read(args);
  } catch (error) {
    output.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return 2;
  }
  if (command === 'help') {
    output.out(USAGE);
    return 0;
  }
  const { json, options } = command;
  const paint: Paint = (outcome, text) => (output.colour ? styleText(COLOURS[outcome], text) : text);
  const results: CheckResult[] = [];
  for await (const result of runConformance(options)) {
    results.push(result);
    if (!json) output.out(`${row(result, paint)}\n`);
  }
  const passed = conforms(results);
  output.out(
    json ? `${JSON.stringify({ url: options.url, conforms: passed, results }, null, 2)}\n` : `\n${summary(results)}\n`,
  );
  return passed ? 0 : 1;
}

type Command = 'help' | { json: boolean; options: ConformanceOptions };

function read(args: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: OPTIONS,
    allowPositionals: true,
    strict: true,
  });
  if (values.help) return 'help';
  const url = readHttpUrl(positionals, 'token endpoint');
  for (const name of ['origin', 'foreign-origin'] as const) {
    const origin = values[name];
    if (origin !== undefined && !(URL.canParse(origin) && new URL(origin).origin === origin)) {
      throw new Error(`--${name}: "${origin}" is no origin, such as https://shop.example`);
    }
  }
  const limitRequests = values['no-limits'] ? 0 : Number(values['limit-requests'] ?? 200);
  if (!Number.isInteger(limitRequests) || limitRequests < 0) throw new Error('--limit-requests is no whole number.');
  const method = values['token-method'];
  if (method !== 'POST' && method !== 'GET') throw new Error('--token-method is neither POST nor GET.');
  const {
    origin,
    line,
    'foreign-origin': foreignOrigin,
    'closed-line': closedLine,
    'unknown-line': unknownLine,
  } = values;
  return {
    json: values.json ?? false,
    options: {
      url,
      method,
      limitRequests,
      ...(origin !== undefined && { origin }),
      ...(line !== undefined && { line }),
      ...(foreignOrigin !== undefined && { foreignOrigin }),
      ...(closedLine !== undefined && { closedLine }),
      ...(unknownLine !== undefined && { unknownLine }),
    },
  };
}
