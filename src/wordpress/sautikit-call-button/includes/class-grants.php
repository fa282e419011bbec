<?php
/**
 * The record of what each token is good for.
 *
 * @package Sautikit\CallButton
 */

namespace Sautikit\CallButton;

defined( 'ABSPATH' ) || exit;

// phpcs:disable WordPress.DB.DirectDatabaseQuery -- A table of our own, which no cache knows.

/**
 * Remembers grants by the SHA-256 of their token. Each step is one statement, so that two requests at the same moment
 * cannot both win. The right to the one call of a grant goes `open -> spent -> over`; a token that was renewed has `none`.
 */
final class Grants {
	/** Seconds after a session's first grant in which a renewal takes an open right over. */
	const RIGHT_AGE = 900;

	/**
	 * Remembers a grant. False where somebody has this token already.
	 *
	 * @param string $token The token.
	 * @param array  $grant `sid`, `sub`, `line`, `origin`, `expires`, and for a renewal `born`, `open_until`, `call_right`.
	 */
	public static function put( string $token, array $grant ): bool {
		global $wpdb;
		$grant += array(
			'born'       => time(),
			'open_until' => $grant['expires'],
			'call_right' => 'open',
		);
		return 1 === $wpdb->query(
			$wpdb->prepare(
				"INSERT IGNORE INTO {$wpdb->prefix}sautikit_grants
				(token_hash, sid, sub, line, origin, expires, born, open_until, call_right) VALUES (%s, %s, %s, %s, %s, %d, %d, %d, %s)",
				hash( 'sha256', $token ),
				$grant['sid'],
				$grant['sub'],
				$grant['line'],
				$grant['origin'],
				$grant['expires'],
				$grant['born'],
				$grant['open_until'],
				$grant['call_right']
			)
		);
	}

	/**
	 * The grant of a token, as long as it lives.
	 *
	 * @param string $token The token.
	 */
	public static function get( string $token ): ?array {
		global $wpdb;
		if ( '' === $token ) {
			return null;
		}
		return $wpdb->get_row(
			$wpdb->prepare(
				"SELECT * FROM {$wpdb->prefix}sautikit_grants WHERE token_hash = %s AND expires > %d",
				hash( 'sha256', $token ),
				time()
			),
			ARRAY_A
		);
	}

	/**
	 * Takes the right to a call from a token that is renewed. What the next one has: `open` or `none`.
	 *
	 * @param string $token The token that is renewed.
	 * @param array  $old   Its grant.
	 */
	public static function take_right( string $token, array $old ): string {
		global $wpdb;
		$taken = $wpdb->query(
			$wpdb->prepare(
				"UPDATE {$wpdb->prefix}sautikit_grants SET call_right = 'none' WHERE token_hash = %s AND call_right = 'open'",
				hash( 'sha256', $token )
			)
		);
		return 1 === $taken && time() - (int) $old['born'] < self::RIGHT_AGE ? 'open' : 'none';
	}

	/**
	 * Gives the right to a call to a token that follows another.
	 *
	 * @param string $token The new token.
	 */
	public static function give_right( string $token ): void {
		global $wpdb;
		$wpdb->query(
			$wpdb->prepare(
				"UPDATE {$wpdb->prefix}sautikit_grants SET call_right = 'open' WHERE token_hash = %s AND call_right = 'none'",
				hash( 'sha256', $token )
			)
		);
	}

	/**
	 * Spends the right to a call. True also where this very call spent it before, and is not over.
	 *
	 * @param string $token The token.
	 * @param string $call  Call-ID and From tag.
	 */
	public static function spend( string $token, string $call ): bool {
		global $wpdb;
		$token_hash = hash( 'sha256', $token );
		$call_hash  = hash( 'sha256', $call );
		// A call that another token made already is a duplicate key: no right, and nothing for the log.
		$silent = $wpdb->suppress_errors();
		$spent  = $wpdb->query(
			$wpdb->prepare(
				"UPDATE {$wpdb->prefix}sautikit_grants SET call_right = 'spent', call_hash = %s
				WHERE token_hash = %s AND call_right = 'open' AND expires > %d",
				$call_hash,
				$token_hash,
				time()
			)
		);
		$wpdb->suppress_errors( $silent );
		if ( 1 === $spent ) {
			return true;
		}
		return '1' === (string) $wpdb->get_var(
			$wpdb->prepare(
				"SELECT COUNT(*) FROM {$wpdb->prefix}sautikit_grants WHERE token_hash = %s AND call_hash = %s AND call_right = 'spent' AND expires > %d",
				$token_hash,
				$call_hash,
				time()
			)
		);
	}

	/**
	 * The call is over: not even its own Call-ID and From tag open the line again.
	 *
	 * @param string $call Call-ID and From tag.
	 */
	public static function close( string $call ): void {
		global $wpdb;
		$wpdb->query(
			$wpdb->prepare(
				"UPDATE {$wpdb->prefix}sautikit_grants SET call_right = 'over' WHERE call_hash = %s",
				hash( 'sha256', $call )
			)
		);
	}
}
