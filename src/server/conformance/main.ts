import { conformanceCommand } from './cli.js';

/** `npm run conformance -- <token-url>` */
process.exitCode = await conformanceCommand(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
  colour: process.stdout.isTTY && process.env.NO_COLOR === undefined,
});
