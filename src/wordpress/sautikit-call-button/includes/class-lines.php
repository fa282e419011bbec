<?php
/**
 * The lines that can be called.
 *
 * @package Sautikit\CallButton
 */

namespace Sautikit\CallButton;

defined( 'ABSPATH' ) || exit;

/** Finds lines by the name that a page uses. Whom a line calls stays on the server. */
final class Lines {
	/** What a line may be called: it stands in pages. */
	const NAME = '/^[a-z0-9][a-z0-9_-]{0,63}$/';

	/** Whom it may call: a number in international form, or a SIP address. */
	const NUMBER = '/^(?:\+[1-9][0-9]{6,14}|sips?:[^\s<>"@]+@[^\s<>"@]+)$/i';

	/** Who may be shown as caller. */
	const CALLER_ID = '/^(?:\+?[0-9]{1,20}|sips?:[^\s<>"@]+@[^\s<>"@]+)$/i';

	/** The names of all lines; they are no secret. */
	public static function names(): array {
		return array_map( 'strval', array_keys( Settings::get( 'lines' ) ) );
	}

	/**
	 * A line with its name, or null.
	 *
	 * @param string|null $name What the page asked for; null finds the only line that there is, or the one named `default`.
	 */
	public static function find( ?string $name ): ?array {
		$lines = Settings::get( 'lines' );
		if ( null === $name ) {
			$name = 1 === count( $lines ) ? (string) array_key_first( $lines ) : 'default';
		}
		return isset( $lines[ $name ] ) ? array( 'name' => $name ) + $lines[ $name ] : null;
	}

	/**
	 * The SIP address that is called; an empty text where the line has none.
	 *
	 * @param array $line A line.
	 */
	public static function callee( array $line ): string {
		if ( '' === $line['number'] || '+' !== $line['number'][0] ) {
			return $line['number'];
		}
		$trunk = Settings::get( 'trunk' );
		return '' === $trunk ? '' : 'sip:' . $line['number'] . '@' . $trunk;
	}

	/**
	 * What a closed line answers instead of a credential.
	 *
	 * @param array $line A line that is closed.
	 * @param int   $now  Seconds since 1970.
	 */
	public static function closed( array $line, int $now ): array {
		$opens = Hours::opens_at( $line['hours'], $now );
		return array( 'available' => false ) + ( null === $opens ? array() : array( 'opens_at' => gmdate( 'Y-m-d\TH:i:s\Z', $opens ) ) );
	}
}
