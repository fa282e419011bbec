#!/usr/bin/env node
/** The command: `sautikit-call-button serve --config lines.json`. */
import { main } from './command.js';

process.exitCode = await main(process.argv.slice(2));
