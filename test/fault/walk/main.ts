/**
 * Walks at random: `npm run walk -- --seed N --steps M`, by default 10,000 steps from another seed each time, in Chromium
 * (`--browser firefox`). `--path` takes one walk of a seed again, as the report of a failure says, and `--shrink` looks for
 * the shortest that fails. `--write` keeps the figures in walk-results.json.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { walk, type Walked } from './walk.js';

const RESULTS = new URL('../walk-results.json', import.meta.url);

const { values } = parseArgs({
  options: {
    browser: { type: 'string', default: 'chromium' },
    seed: { type: 'string' },
    steps: { type: 'string', default: '10000' },
    path: { type: 'string' },
    shrink: { type: 'boolean' },
    write: { type: 'boolean' },
  },
});
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 30) : Number(values.seed);
const browser = values.browser === 'firefox' ? 'firefox' : 'chromium';
console.log(`seed ${seed}, in ${browser}`);
const walked = await walk({ browser, seed, steps: Number(values.steps), path: values.path, shrink: values.shrink });
console.log(walked);

if (values.write) {
  const known = await readFile(RESULTS, 'utf8').then(
    (text) => JSON.parse(text) as Walked[],
    () => [],
  );
  const others = known.filter((one) => one.browser !== browser);
  const all = [...others, walked].sort((one, other) => one.browser.localeCompare(other.browser));
  const options = { ...(await resolveConfig(RESULTS)), parser: 'json' };
  await writeFile(RESULTS, await format(JSON.stringify(all), options));
}
