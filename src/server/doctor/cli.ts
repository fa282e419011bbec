import { existsSync, readFileSync } from 'node:fs';
import { parseArgs, styleText } from 'node:util';
import { readHttpUrl, STANDARD } from '../command-line.js';
import { UNASSIGNED } from './checks/callee.js';
import { examine, type DoctorOptions } from './doctor.js';
import type { Finding, Verdict } from './finding.js';
import { isWell, row, summary, type Paint } from './printer.js';

const USAGE = `Usage: doctor <page-url> [options]

Looks at a page of yours with the button in it, and at all that the button needs: policies of the page, script, token
endpoint, gateway, certificate, REGISTER, STUN and TURN. Each line says what to do. Nobody is called through, unless you ask.

  --line <name>              the line, where the tag names none
  --token-url <url>          the token endpoint, where a script sets it
  --gateway-url <urls>       the gateways, where neither tag nor grant names them
  --no-callee                leaves out the call to ${UNASSIGNED}, a number that nobody has. It shows whether a page can
                             choose who is called, and is cancelled at the first ringing; where your gateway calls its
                             own line instead, as it should, the phones there ring for a moment, twice
  --foreign-number <number>  another number than that one
  --call                     calls the line, too, and hangs up as soon as somebody answers
  --ca <file>                believes this authority (PEM) as well, for a staging system
  --json                     prints the findings as JSON
  --help                     prints this

Exit code: 0 nothing is to be mended, 1 something is, 2 the command was not understood.
`;

const OPTIONS = {
  line: { type: 'string' },
  'token-url': { type: 'string' },
  'gateway-url': { type: 'string' },
  'no-callee': { type: 'boolean' },
  'foreign-number': { type: 'string' },
  call: { type: 'boolean' },
  ca: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

const COLOURS: Record<Verdict, 'green' | 'yellow' | 'red'> = { ok: 'green', warn: 'yellow', fail: 'red' };

type Command = 'help' | { json: boolean; options: DoctorOptions };

/**
 * The command `doctor`.
 * @param args What stands behind the command's name.
 * @returns the exit code
 */
export async function doctorCommand(args: readonly string[], output = STANDARD): Promise<number> {
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
  const paint: Paint = (verdict, text) => (output.colour ? styleText(COLOURS[verdict], text) : text);
  const onForeignNumber = (number: string): void => {
    output.error(
      `Now asking the gateway for ${number}, which nobody has. Phones of your own line may ring for a moment.\n`,
    );
  };
  const findings: Finding[] = [];
  for await (const finding of examine({ ...options, onForeignNumber })) {
    findings.push(finding);
    if (!json) output.out(`${row(finding, paint)}\n`);
  }
  const well = isWell(findings);
  output.out(json ? `${JSON.stringify({ url: options.url, well, findings }, null, 2)}\n` : `\n${summary(findings)}\n`);
  return well ? 0 : 1;
}

function read(args: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: OPTIONS,
    allowPositionals: true,
    strict: true,
  });
  if (values.help) return 'help';
  const url = readHttpUrl(positionals, 'page with the button');
  const { line, ca, 'token-url': tokenUrl, 'gateway-url': gatewayUrl } = values;
  const number = values['foreign-number'] ?? UNASSIGNED;
  if (!/^\+[1-9]\d{6,14}$/.test(number)) throw new Error('--foreign-number is no number such as +254722000001.');
  return {
    json: values.json ?? false,
    options: {
      url,
      newest: ownVersion(),
      published,
      foreignNumber: values['no-callee'] ? undefined : number,
      call: values.call ?? false,
      ...(line !== undefined && { line }),
      ...(tokenUrl !== undefined && { tokenUrl }),
      ...(gatewayUrl !== undefined && { gatewayUrl }),
      ...(ca !== undefined && { authority: readFileSync(ca, 'utf8') }),
    },
  };
}

/** A file for pages of the package that this command is a part of. */
function published(name: string): Buffer | undefined {
  const file = new URL(`../../../dist/cdn/${encodeURIComponent(name)}`, import.meta.url);
  return existsSync(file) ? readFileSync(file) : undefined;
}

/** Of the package that this command is a part of: `npx` takes the newest. */
function ownVersion(): string {
  const file = new URL('../../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
