import { conformanceCommand } from './cli.js';

/** `npm run conformance -- <token-url>` */
process.exitCode = await conformanceCommand(process.argv.slice(2));
