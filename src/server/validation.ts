import type { z } from 'zod';

/**
 * What the schema makes of a value.
 * @param root The name of the whole, with which every path in a message begins.
 * @throws {TypeError} that names every wrong field by its path, such as `lines.sales.hours.mon[0]`, and quotes no value
 */
export function validate<T>(schema: z.ZodType<T>, value: unknown, root: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new TypeError(describeIssues(result.error.issues, root).join('\n'));
}

/** One line for each issue: the path of the field, and what is wrong with it. */
export function describeIssues(issues: readonly z.core.$ZodIssue[], root: string): string[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => `${pathOf([...issue.path, key], root)} is not known here`);
    }
    const where = pathOf(issue.path, root);
    if (issue.code === 'invalid_key') return [`${where} ${issue.issues[0]?.message ?? 'is no fitting name'}`];
    return [`${where} ${issue.message}`];
  });
}

function pathOf(path: readonly PropertyKey[], root: string): string {
  return path.reduce<string>((whole, part) => {
    if (typeof part === 'number') return `${whole}[${part}]`;
    const name = String(part);
    return /^[A-Za-z_$][\w$]*$/.test(name) ? `${whole}.${name}` : `${whole}[${JSON.stringify(name)}]`;
  }, root);
}
