/** `npm run wordpress`: a WordPress on this machine with the plugin in it, until Ctrl-C. */
import { parseArgs } from 'node:util';
import { buildPlugin } from '../../build/wordpress.js';
import { installPlugin } from './plugin.js';
import { startWordPress } from './wordpress.js';

const USAGE = `Usage: npm run wordpress -- [options]

  --port <port>         the port; default: any that is free
  --wordpress <folder>  an unpacked WordPress of another release; default: Debian's`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      wordpress: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const interrupted = new AbortController();
  let stop = async (): Promise<void> => {};
  const end = (code: number): void => {
    process.exitCode = code;
    interrupted.abort(new Error('interrupted'));
    void stop();
  };
  process.on('SIGINT', () => end(130));
  process.on('SIGTERM', () => end(143));
  process.on('SIGHUP', () => end(129));

  const { folder } = await buildPlugin();
  const site = await startWordPress({
    port: Number(values.port ?? 0),
    wordpress: values.wordpress,
    signal: interrupted.signal,
    onCrash: (error) => {
      console.error(`wordpress: ${error.message}`);
      end(1);
    },
  });
  stop = site.stop;
  await installPlugin(site, folder);
  const { user, password } = site.administrator;
  console.log(`WordPress ${site.version}: ${site.url}`);
  console.log(`${site.url}wp-admin/options-general.php?page=sautikit-call-button (${user}, ${password})`);
  console.log('Ctrl-C ends everything.');
}

main().catch((error: Error) => {
  if (error.message === 'interrupted') return;
  console.error(`wordpress: ${error.message.split('\n')[0]}`);
  process.exitCode = 1;
});
