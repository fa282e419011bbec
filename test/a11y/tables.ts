import { messages } from '../../src/i18n/locales/en.js';
import { errorTexts } from '../../src/i18n/error-texts.js';
import type { ErrorCode } from '../../src/errors.js';
import { Words } from '../../src/i18n/words.js';
import { ANNOUNCEMENTS } from './contract.js';
import { FACE_CONTRACT, FACE_NAMES, descriptionOf, nameOf, type Part } from './contract-faces.js';

const words = new Words('en', messages);

const row = (...cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly string[]) =>
  [row(...head), row(...head.map(() => '---')), ...rows].join('\n');

/** What is announced, and where the focus goes. */
function announcements(): string {
  const rows = ANNOUNCEMENTS.map(({ when, says, how, focus }) =>
    row(
      when,
      typeof says === 'string' ? `“${words.text(says)}”` : says.description,
      how === 'none' ? '' : `\`${how}\``,
      focus ?? '',
    ),
  );
  return table(['When', 'Said', 'How', 'Focus'], rows);
}

const KEYS = /^[0-9]$|^Star$|^Hash$/;

function control(part: Part): string {
  const name = nameOf(part, words);
  const states = [
    part.pressed !== undefined && (part.pressed ? 'pressed' : 'not pressed'),
    part.expanded !== undefined && (part.expanded ? 'expanded' : 'collapsed'),
    part.disabled && 'unavailable',
    part.description && `“${descriptionOf(part, words)}”`,
  ].filter(Boolean);
  const role = part.role === 'combobox' ? 'choice' : part.role;
  return `${role}${name ? ` “${name}”` : ''}${states.length > 0 ? ` (${states.join(', ')})` : ''}`;
}

/** In words; the twelve keys as one. */
function controls(parts: readonly Part[]): string {
  // What is the same in every panel stands above the table.
  const open = parts[2]?.role === 'heading';
  const told = parts
    .slice(open ? 2 : 0)
    .filter(({ role }) => role !== 'status' && role !== 'alert')
    .map(control);
  const isKey = (line: string) => KEYS.test(/^button “(.*)”$/.exec(line)?.[1] ?? '');
  const first = told.findIndex(isKey);
  const rest = told.filter((line) => !isKey(line));
  if (first >= 0) rest.splice(first, 0, 'buttons “1” to “9”, “Star”, “0”, “Hash”');
  return rest.join(', ') || 'nothing of ours: the `fallback` of the owner stands here';
}

/** Faces that read alike share a row. A failure reads as its heading; those have a table of their own. */
function faces(): string {
  const rows = new Map<string, string[]>();
  for (const name of FACE_NAMES.filter((face) => !face.startsWith('failed-'))) {
    const text = controls(FACE_CONTRACT[name]);
    rows.set(text, [...(rows.get(text) ?? []), `\`${name}\``]);
  }
  return table(
    ['Face', 'In reading order'],
    [...rows].map(([text, names]) => row(names.join(' '), text)),
  );
}

function failures(): string {
  const rows = (Object.keys(errorTexts) as ErrorCode[]).map((code) => {
    const [what, way] = errorTexts[code];
    return row(`\`${code}\``, `“${words.text(what)}”`, `“${words.text(way)}”`);
  });
  return table(['Code', 'Heading, and `alert`', 'The text after it'], rows);
}

const TABLES = { announcements, faces, failures };

/** The document with its tables as the contract has them; they stand between comments with their names. */
export function withTables(document: string): string {
  return Object.entries(TABLES).reduce(
    (text, [name, make]) =>
      text.replace(
        new RegExp(`(<!-- ${name} -->\n)[^]*?(\n<!-- /${name} -->)`),
        (_all, start: string, end: string) => `${start}\n${make()}\n${end}`,
      ),
    document,
  );
}
