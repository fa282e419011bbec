import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { WordPress } from './wordpress.js';

/** Puts the built plugin where it belongs, and activates it. */
export async function installPlugin(site: WordPress, folder: string): Promise<void> {
  await cp(folder, join(site.files, 'wp-content/plugins/sautikit-call-button'), { recursive: true });
  await site.run(`
    require_once ABSPATH . 'wp-admin/includes/plugin.php';
    $result = activate_plugin('sautikit-call-button/sautikit-call-button.php');
    if (is_wp_error($result)) throw new Exception($result->get_error_message());
  `);
}
