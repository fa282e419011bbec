<?php
/**
 * The plugin's tables.
 *
 * @package Sautikit\CallButton
 */

namespace Sautikit\CallButton;

defined( 'ABSPATH' ) || exit;

/** Makes, sweeps and removes the two tables: grants, and what was counted. Options and transients know no atomic step. */
final class Tables {
	const SWEEP   = 'sautikit_call_button_sweep';
	const VERSION = 'sautikit_call_button_tables';

	/** A call is remembered for so many seconds after its grant's end, so that a repeated question gets the same answer. */
	const CALL_RETENTION = DAY_IN_SECONDS;

	/** Hooks. */
	public static function register(): void {
		add_action( self::SWEEP, array( self::class, 'sweep' ) );
		// A site that is added to a network, or a plugin that was updated by its files, is activated by nobody.
		add_action(
			'init',
			static function () {
				if ( VERSION !== get_option( Tables::VERSION ) ) {
					Tables::create();
				}
			}
		);
	}

	/** Makes what is not there yet. */
	public static function create(): void {
		global $wpdb;
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		$collate = $wpdb->get_charset_collate();
		dbDelta(
			"CREATE TABLE {$wpdb->prefix}sautikit_grants (
			token_hash char(64) NOT NULL,
			sid char(32) NOT NULL,
			sub varchar(255) NOT NULL,
			line varchar(64) NOT NULL,
			origin varchar(255) NOT NULL,
			expires bigint(20) unsigned NOT NULL,
			born bigint(20) unsigned NOT NULL,
			open_until bigint(20) unsigned NOT NULL,
			call_right varchar(8) NOT NULL,
			call_hash char(64) DEFAULT NULL,
			PRIMARY KEY  (token_hash),
			UNIQUE KEY call_hash (call_hash),
			KEY expires (expires)
			) $collate;"
		);
		dbDelta(
			"CREATE TABLE {$wpdb->prefix}sautikit_counters (
			name char(64) NOT NULL,
			hits int(10) unsigned NOT NULL,
			ends bigint(20) unsigned NOT NULL,
			PRIMARY KEY  (name),
			KEY ends (ends)
			) $collate;"
		);
		update_option( self::VERSION, VERSION );
		if ( ! wp_next_scheduled( self::SWEEP ) ) {
			wp_schedule_event( time() + HOUR_IN_SECONDS, 'hourly', self::SWEEP );
		}
	}

	/** Forgets what is over. */
	public static function sweep(): void {
		global $wpdb;
		$now = time();
		// phpcs:disable WordPress.DB.DirectDatabaseQuery -- Tables of our own, which no cache knows.
		$wpdb->query( $wpdb->prepare( "DELETE FROM {$wpdb->prefix}sautikit_grants WHERE expires <= %d AND ( call_hash IS NULL OR expires <= %d )", $now, $now - self::CALL_RETENTION ) );
		$wpdb->query( $wpdb->prepare( "DELETE FROM {$wpdb->prefix}sautikit_counters WHERE ends <= %d", $now ) );
		// phpcs:enable
	}

	/** No more sweeping: the plugin is deactivated. */
	public static function stop_sweeping(): void {
		wp_clear_scheduled_hook( self::SWEEP );
		delete_option( self::VERSION );
	}
}
