<?php
/**
 * A hook on another server.
 *
 * @package Sautikit\CallButton
 */

namespace Sautikit\CallButton;

defined( 'ABSPATH' ) || exit;

/** Tells the hook that the gateway asks what a token is good for. The token itself stays here. */
final class Hook_Client {
	/** Seconds. */
	const TIMEOUT = 2;

	/**
	 * Tells of a grant. Null: it is good; else what the page must be told instead, such as a closed line.
	 *
	 * @param array $record As `POST <hook>/grant` takes it.
	 * @throws Refusal What the hook refuses, and what it does not answer.
	 */
	public static function tell( array $record ): ?array {
		$url                   = untrailingslashit( Settings::get( 'hook_url' ) ) . '/grant';
		list( $status, $said ) = Http_Client::post( $url, Secrets::get( 'hook_secret' ), $record, self::TIMEOUT );
		if ( 204 === $status ) {
			return null;
		}
		if ( 200 === $status && is_array( $said ) && false === ( $said['available'] ?? null ) ) {
			return $said;
		}
		if ( in_array( $status, array( 403, 404, 429, 503 ), true ) && is_string( $said['error'] ?? null ) ) {
			throw new Refusal( $status, $said['error'], $said );
		}
		throw new Refusal( 502, 'server-error' );
	}
}
