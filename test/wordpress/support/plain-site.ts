import { buildPlugin } from '../../../build/wordpress.js';
import { installPlugin } from '../../../demo/wordpress/plugin.js';
import { startWordPress, type WordPress } from '../../../demo/wordpress/wordpress.js';

export type Settings = Record<string, unknown>;

/** A WordPress with the plugin in it, which nobody has set up yet. */
export async function startPlainSite(): Promise<WordPress> {
  const { folder } = await buildPlugin();
  const site = await startWordPress({ wordpress: process.env['WORDPRESS'] });
  try {
    await installPlugin(site, folder);
  } catch (error) {
    await site.stop();
    throw error;
  }
  return site;
}

/** Sets what the settings page would. Without `secrets` those that are there are kept. */
export async function setUp(site: WordPress, settings: Settings, secrets?: Settings): Promise<void> {
  const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64');
  const set = (option: string, value: object): string =>
    `update_option('${option}', json_decode(base64_decode('${encoded(value)}'), true), false);`;
  await site.run(set('sautikit_call_button', settings) + (secrets ? set('sautikit_call_button_secrets', secrets) : ''));
}

/** A line as the settings keep it. */
export function line(number: string, more: object = {}): object {
  return { number, caller_id: '', max_minutes: 0, hours: null, ...more };
}
