import type { z } from 'zod';

/** A configuration that cannot be used. Each problem is one line: the path of the field, and what belongs there. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** What is wrong, in lines. Values are never repeated: what was put into the wrong field may be a secret. */
export function explain(issues: readonly Issue[], root: Path = []): string[] {
  return issues.flatMap((issue) => {
    const path = [...root, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => `${dotted([...path, key])}: there is no such setting`);
    }
    if (issue.code === 'invalid_key') return explain(issue.issues, path);
    if (issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options)) {
      return `${dotted(path)}: expected ${issue.options.map((option) => JSON.stringify(option)).join(' or ')}`;
    }
    return `${dotted(path)}: ${said(issue)}`;
  });
}

/** `lines.sales.hours.mon[0]`; a name that is no plain word stands in brackets too. */
function dotted(path: Path): string {
  const text = path.map((part) => {
    if (typeof part === 'number') return `[${part}]`;
    return /^[A-Za-z_$][\w$]*$/.test(String(part)) ? `.${String(part)}` : `[${JSON.stringify(String(part))}]`;
  });
  return text.join('').replace(/^\./, '') || 'the whole file';
}

/** Our own words where the schema has some, else the library's in the same form. */
function said({ message }: Issue): string {
  const [, options] = /^Invalid option: expected one of (.+)$/.exec(message) ?? [];
  if (options !== undefined) return `expected ${options.replaceAll('|', ' or ')}`;
  const [, expected, received] = /^Invalid input: expected (.+), received (\w+)$/.exec(message) ?? [];
  if (expected === undefined) return message;
  return `expected ${KINDS[expected] ?? expected}, ${received === 'undefined' ? 'and it is missing' : `got ${received}`}`;
}

const KINDS: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};
