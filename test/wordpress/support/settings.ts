import type { Admin } from './admin.js';

export const SETTINGS_PAGE = 'wp-admin/options-general.php?page=sautikit-call-button';

/** The name of a field of the settings page, from its path: `lines.0.name`. */
export function field(path: string): string {
  return `sautikit_call_button${path
    .split('.')
    .map((part) => `[${part}]`)
    .join('')}`;
}

/** Writes settings into the page, as its owner does, and saves. What the page says then is returned. */
export async function saveSettings(
  admin: Admin,
  settings: Readonly<Record<string, string | boolean>>,
): Promise<{ notices: string[]; source: string }> {
  await admin.open(SETTINGS_PAGE);
  await admin.fill(Object.fromEntries(Object.entries(settings).map(([path, value]) => [field(path), value])));
  await admin.follow('#submit');
  const notices = await admin.page.$$eval('.settings-error', (all) => all.map((one) => one.textContent!.trim()));
  return { notices, source: await admin.page.content() };
}
