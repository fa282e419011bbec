<?php
/**
 * Plugin Name:       Sautikit Call Button
 * Description:       A button that calls you: visitors talk to you from the page, in their browser, through your own SIP gateway.
 * Version:           0.1.0
 * Requires at least: 6.1
 * Requires PHP:      7.4
 * Author:            Sautikit
 * License:           MIT
 * License URI:       https://opensource.org/license/mit
 * Text Domain:       sautikit-call-button
 * Domain Path:       /languages
 *
 * @package Sautikit\CallButton
 */

namespace Sautikit\CallButton;

defined( 'ABSPATH' ) || exit;

const VERSION        = '0.1.0';
const PLUGIN_FILE    = __FILE__;
const REST_NAMESPACE = 'sautikit/v1';

foreach ( array(
	'refusal',
	'settings',
	'form',
	'secrets',
	'hours',
	'lines',
	'tables',
	'grants',
	'counters',
	'client-address',
	'origins',
	'http-client',
	'mint',
	'hook-client',
	'token-route',
	'status-route',
	'hook-route',
	'button',
	'block',
	'settings-page',
	'site-health',
) as $sautikit_part ) {
	require_once __DIR__ . '/includes/class-' . $sautikit_part . '.php';
}
unset( $sautikit_part );

register_activation_hook( __FILE__, array( Tables::class, 'create' ) );
register_deactivation_hook( __FILE__, array( Tables::class, 'stop_sweeping' ) );

Tables::register();
Token_Route::register();
Status_Route::register();
Hook_Route::register();
Button::register();
Block::register();
Settings_Page::register();
Site_Health::register();

add_action(
	'init',
	static function () {
		load_plugin_textdomain( 'sautikit-call-button', false, dirname( plugin_basename( PLUGIN_FILE ) ) . '/languages' );
	},
	1
);
