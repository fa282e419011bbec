<?php
/**
 * Who asks.
 *
 * @package Sautikit\CallButton
 */

namespace Sautikit\CallButton;

defined( 'ABSPATH' ) || exit;

/**
 * Tells a visitor's address: the other end of the socket. `X-Forwarded-For` says what its sender likes, so that it is read
 * only where a proxy of the owner's wrote it, from its end, up to the first address that is none of those.
 */
final class Client_Address {
	/** The address, or an empty text where nobody knows it. */
	public static function get(): string {
		// phpcs:ignore WordPress.Security.ValidatedSanitizedInput.InputNotSanitized -- Parsed as an address right here.
		$peer = self::parse( wp_unslash( $_SERVER['REMOTE_ADDR'] ?? '' ) );
		// phpcs:ignore WordPress.Security.ValidatedSanitizedInput.InputNotSanitized -- Each hop is parsed as an address.
		$hops = explode( ',', wp_unslash( $_SERVER['HTTP_X_FORWARDED_FOR'] ?? '' ) );
		while ( '' !== $peer && $hops && self::is_proxy( $peer ) ) {
			$hop = self::parse( trim( array_pop( $hops ) ) );
			// A proxy that does not say whom it serves stands for all of them.
			if ( '' === $hop ) {
				break;
			}
			$peer = $hop;
		}
		return $peer;
	}

	/**
	 * Whether a text is an address or a block such as `10.0.0.0/8`.
	 *
	 * @param string $text What the owner wrote.
	 */
	public static function is_block( string $text ): bool {
		list( $address, $bits ) = explode( '/', $text, 2 ) + array( 1 => null );
		$bytes                  = '' === self::parse( $address ) ? false : inet_pton( $address );
		return false !== $bytes && ( null === $bits || ( ctype_digit( $bits ) && (int) $bits <= 8 * strlen( $bytes ) ) );
	}

	/**
	 * Whether an address is one of the owner's proxies.
	 *
	 * @param string $address An IP address.
	 */
	private static function is_proxy( string $address ): bool {
		$bytes = inet_pton( $address );
		foreach ( Settings::get( 'proxies' ) as $block ) {
			list( $network, $bits ) = explode( '/', $block, 2 ) + array( 1 => null );
			$network                = inet_pton( $network );
			if ( false === $network || strlen( $network ) !== strlen( $bytes ) ) {
				continue;
			}
			$bits = null === $bits ? 8 * strlen( $network ) : (int) $bits;
			$mask = str_repeat( "\xff", intdiv( $bits, 8 ) ) . ( $bits % 8 ? chr( 0xff << ( 8 - $bits % 8 ) & 0xff ) : '' );
			$mask = str_pad( $mask, strlen( $network ), "\0" );
			if ( ( $bytes & $mask ) === ( $network & $mask ) ) {
				return true;
			}
		}
		return false;
	}

	/**
	 * An address as it is, anything else as an empty text.
	 *
	 * @param string $text What might be an address.
	 */
	private static function parse( string $text ): string {
		return (string) filter_var( $text, FILTER_VALIDATE_IP );
	}
}
