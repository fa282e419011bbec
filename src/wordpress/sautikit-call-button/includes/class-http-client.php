<?php
/**
 * Asking other servers.
 *
 * @package Sautikit\CallButton
 */

namespace Sautikit\CallButton;

defined( 'ABSPATH' ) || exit;

/** Posts JSON with a key. What the other side wrote is passed on only where the caller says so: it may repeat the key. */
final class Http_Client {
	/**
	 * Posts, and tells status and JSON object; status 0 where nothing came.
	 *
	 * @param string $url     Where to.
	 * @param string $key     Sent as `Authorization: Bearer`.
	 * @param array  $body    What is sent.
	 * @param int    $timeout Seconds.
	 */
	public static function post( string $url, string $key, array $body, int $timeout ): array {
		// Not the "safe" variant: a hook on the same machine is what many have, and only the owner names it.
		$response = wp_remote_post(
			$url,
			array(
				'timeout'             => $timeout,
				// A redirect would carry the key to wherever it points.
				'redirection'         => 0,
				'limit_response_size' => 65536,
				'headers'             => array(
					'Accept'        => 'application/json',
					'Content-Type'  => 'application/json',
					'Authorization' => 'Bearer ' . $key,
				),
				'body'                => wp_json_encode( $body ? $body : new \stdClass() ),
			)
		);
		if ( is_wp_error( $response ) ) {
			return array( 0, null );
		}
		$json = json_decode( wp_remote_retrieve_body( $response ), true, 16 );
		return array( (int) wp_remote_retrieve_response_code( $response ), is_array( $json ) ? $json : null );
	}

	/**
	 * Whether a key may be sent there: by TLS, or to this machine.
	 *
	 * @param string $url An address.
	 */
	public static function may_carry_keys( string $url ): bool {
		$parts = wp_parse_url( $url );
		$local = preg_match( '/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/', $parts['host'] ?? '' );
		$open  = array_diff( array_keys( (array) $parts ), array( 'scheme', 'host', 'port', 'path' ) );
		return ! empty( $parts['host'] ) && ! $open && ( 'https' === $parts['scheme'] || ( 'http' === $parts['scheme'] && $local ) );
	}
}
