<?php
/**
 * Leaves nothing behind when the plugin is deleted.
 *
 * @package Sautikit\CallButton
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

/** Removes what the plugin kept for one site. */
function sautikit_call_button_uninstall_site() {
	global $wpdb;
	foreach ( array( '', '_secrets', '_tables' ) as $sautikit_option ) {
		delete_option( 'sautikit_call_button' . $sautikit_option );
	}
	wp_clear_scheduled_hook( 'sautikit_call_button_sweep' );
	// phpcs:disable WordPress.DB.DirectDatabaseQuery -- Tables of our own.
	$wpdb->query( "DROP TABLE IF EXISTS {$wpdb->prefix}sautikit_grants" );
	$wpdb->query( "DROP TABLE IF EXISTS {$wpdb->prefix}sautikit_counters" );
	// phpcs:enable
}

if ( is_multisite() ) {
	$sautikit_all_sites = array(
		'fields' => 'ids',
		'number' => 0,
	);
	foreach ( get_sites( $sautikit_all_sites ) as $sautikit_site ) {
		switch_to_blog( $sautikit_site );
		sautikit_call_button_uninstall_site();
		restore_current_blog();
	}
} else {
	sautikit_call_button_uninstall_site();
}
