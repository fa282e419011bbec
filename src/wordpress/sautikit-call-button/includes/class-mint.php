<?php
/**
 * Who makes the tokens.
 *
 * @package Sautikit\CallButton
 */

namespace Sautikit\CallButton;

defined( 'ABSPATH' ) || exit;

/** Makes tokens: signs them here, or has the Sautikit API make them. */
final class Mint {
	/** Seconds. */
	const LIFETIME = 300;

	/** Seconds that the API may take; a browser waits for ten. */
	const TIMEOUT = 5;

	/**
	 * A token, and for how many seconds it is good.
	 *
	 * @param string $sid Opaque id of the session.
	 * @param string $sub Opaque id of the caller.
	 * @return array{0: string, 1: int}
	 * @throws Refusal Where the API gives none.
	 */
	public static function token( string $sid, string $sub ): array {
		return 'sautikit' === Settings::get( 'mint' ) ? self::from_api() : array( self::sign( $sid, $sub ), self::LIFETIME );
	}

	/** An opaque id. */
	public static function random_id(): string {
		return bin2hex( random_bytes( 16 ) );
	}

	/**
	 * A JWT (HS256). It holds opaque ids and times only: everybody who has it can read it.
	 *
	 * @param string $sid Id of the session.
	 * @param string $sub Id of the caller.
	 */
	private static function sign( string $sid, string $sub ): string {
		$now    = time();
		$claims = array(
			'iss' => 'wordpress',
			'sub' => $sub,
			'sid' => $sid,
			'jti' => self::random_id(),
			'iat' => $now,
			'exp' => $now + self::LIFETIME,
		);
		$signed = self::encode( '{"alg":"HS256","typ":"JWT"}' ) . '.' . self::encode( (string) wp_json_encode( $claims ) );
		return $signed . '.' . self::encode( hash_hmac( 'sha256', $signed, Secrets::signing_key(), true ) );
	}

	/**
	 * A token of the Sautikit API.
	 *
	 * @return array{0: string, 1: int}
	 * @throws Refusal Where it gives none.
	 */
	private static function from_api(): array {
		list( $status, $said ) = Http_Client::post( untrailingslashit( Settings::get( 'api_url' ) ) . '/v1/sip/token', Secrets::get( 'api_key' ), array(), self::TIMEOUT );
		if ( 429 === $status || 0 === $status ) {
			throw new Refusal( 503, 'server-error', array( 'retry_after' => 10 ) );
		}
		$token = $said['token'] ?? null;
		$ends  = strtotime( (string) ( $said['expires_at'] ?? '' ) );
		$left  = is_numeric( $said['expires_in'] ?? null ) ? (int) $said['expires_in'] : (int) $ends - time();
		// A clock that is wrong must not make it longer.
		$left = min( $left, self::LIFETIME );
		if ( 200 !== $status || ! is_string( $token ) || ! preg_match( '#^[A-Za-z0-9\-._~+/]{1,8192}=*$#', $token ) || $left < 1 ) {
			throw new Refusal( 502, 'server-error' );
		}
		return array( $token, $left );
	}

	/**
	 * Base64url (RFC 7515, section 2).
	 *
	 * @param string $bytes What is encoded.
	 */
	private static function encode( string $bytes ): string {
		// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions.obfuscation_base64_encode -- The format of a JWT.
		return rtrim( strtr( base64_encode( $bytes ), '+/', '-_' ), '=' );
	}
}
