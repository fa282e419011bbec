<?php
/**
 * Whose pages may call.
 *
 * @package Sautikit\CallButton
 */

namespace Sautikit\CallButton;

defined( 'ABSPATH' ) || exit;

/** Compares whole origins, by equality. That stops other sites' pages; a script can say any origin, and meets the limits. */
final class Origins {
	/** The site's own origins, and those that the owner added. */
	public static function allowed(): array {
		$own = array_filter( array( self::of( home_url() ), self::of( site_url() ) ) );
		return array_values( array_unique( array_merge( $own, Settings::get( 'origins' ) ) ) );
	}

	/**
	 * The origin of an address, as browsers write it; null where it has none.
	 *
	 * @param string $url Such as `https://shop.example/contact/`.
	 */
	public static function of( string $url ): ?string {
		$parts  = wp_parse_url( $url );
		$scheme = strtolower( $parts['scheme'] ?? '' );
		if ( ! in_array( $scheme, array( 'http', 'https' ), true ) || empty( $parts['host'] ) ) {
			return null;
		}
		$port    = $parts['port'] ?? null;
		$default = 'https' === $scheme ? 443 : 80;
		return $scheme . '://' . strtolower( $parts['host'] ) . ( null === $port || $default === $port ? '' : ':' . $port );
	}
}
