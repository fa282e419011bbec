<?php
/**
 * Counting, for limits.
 *
 * @package Sautikit\CallButton
 */

namespace Sautikit\CallButton;

defined( 'ABSPATH' ) || exit;

/** Counts in windows of time. One statement a count, so that requests at the same moment are all counted. */
final class Counters {
	/** Seconds in which new grants of an address are counted. */
	const WINDOW = 600;

	/** New grants of the whole site in that time, as a multiple of what an address may have. */
	const SITE_FACTOR = 20;

	/** Renewals of one session in five minutes. */
	const RENEWALS        = 30;
	const RENEWALS_WINDOW = 300;

	/**
	 * Counts a new grant.
	 *
	 * @param string $address The visitor's address.
	 * @throws Refusal Where the address, or everybody together, has had enough.
	 */
	public static function admit_address( string $address ): void {
		$limit = (int) Settings::get( 'limit' );
		self::admit( 'address ' . self::counted_as( $address ), $limit, self::WINDOW );
		self::admit( 'site', $limit * self::SITE_FACTOR, self::WINDOW );
	}

	/**
	 * Counts a renewal; no address stands in the way of a call that goes on.
	 *
	 * @param string $sid The session.
	 * @throws Refusal Where it comes too often.
	 */
	public static function admit_renewal( string $sid ): void {
		self::admit( 'renewals ' . $sid, self::RENEWALS, self::RENEWALS_WINDOW );
	}

	/**
	 * Counts, and refuses what is too much.
	 *
	 * @param string $name   What is counted. It is kept as a keyed hash: an address is nobody's business later on.
	 * @param int    $limit  How many are let through.
	 * @param int    $window In how many seconds.
	 * @throws Refusal Above the limit.
	 */
	private static function admit( string $name, int $limit, int $window ): void {
		global $wpdb;
		$now = time();
		$key = hash_hmac( 'sha256', $name, wp_salt( 'nonce' ) );
		// phpcs:disable WordPress.DB.DirectDatabaseQuery -- A table of our own, which no cache knows.
		$wpdb->query(
			$wpdb->prepare(
				"INSERT INTO {$wpdb->prefix}sautikit_counters (name, hits, ends) VALUES (%s, 1, %d)
				ON DUPLICATE KEY UPDATE hits = IF( ends <= %d, 1, hits + 1 ), ends = IF( ends <= %d, VALUES( ends ), ends )",
				$key,
				$now + $window,
				$now,
				$now
			)
		);
		$row = $wpdb->get_row( $wpdb->prepare( "SELECT hits, ends FROM {$wpdb->prefix}sautikit_counters WHERE name = %s", $key ) );
		// phpcs:enable
		if ( ! $row ) {
			throw new Refusal( 503, 'server-error' );
		}
		if ( (int) $row->hits > $limit ) {
			throw new Refusal( 429, 'rate-limited', array( 'retry_after' => max( 1, (int) $row->ends - $now ) ) );
		}
	}

	/**
	 * An IPv6 address counts as its /64, which is what one customer has.
	 *
	 * @param string $address An IP address.
	 */
	private static function counted_as( string $address ): string {
		$bytes = inet_pton( $address );
		return false !== $bytes && 16 === strlen( $bytes ) ? bin2hex( substr( $bytes, 0, 8 ) ) : $address;
	}
}
