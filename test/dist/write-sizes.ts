/** Agrees to the sizes of what is built now: `npm run sizes`, to be committed with the change that costs them. */
import { writeFileSync } from 'node:fs';
import { measureParts, SIZES_FILE } from './support/parts.js';

const sizes = await measureParts();
writeFileSync(SIZES_FILE, `${JSON.stringify(sizes, null, 2)}\n`);
for (const [part, { bytes }] of Object.entries(sizes)) console.log(`${part}: ${bytes} bytes`);
