<?php
/**
 * Whether a line is open.
 *
 * @package Sautikit\CallButton
 */

namespace Sautikit\CallButton;

defined( 'ABSPATH' ) || exit;

/** `GET sautikit/v1/status?line=…`: tells everybody whether a line is open, so that a closed one can say so before a click. */
final class Status_Route {
	const ROUTE = '/status';

	/** Hooks. */
	public static function register(): void {
		add_action(
			'rest_api_init',
			static function () {
				register_rest_route(
					REST_NAMESPACE,
					self::ROUTE,
					array(
						'methods'             => 'GET',
						'callback'            => array( self::class, 'answer' ),
						// Public on purpose: it says no more than a caller finds out.
						'permission_callback' => '__return_true',
						'show_in_index'       => false,
						'args'                => array( 'line' => array( 'type' => 'string' ) ),
					)
				);
			}
		);
	}

	/** The address of the endpoint. */
	public static function url(): string {
		return rest_url( REST_NAMESPACE . self::ROUTE );
	}

	/**
	 * Answers.
	 *
	 * @param \WP_REST_Request $request What was asked.
	 */
	public static function answer( \WP_REST_Request $request ): \WP_REST_Response {
		$line = Lines::find( $request->get_param( 'line' ) );
		if ( ! $line ) {
			return ( new Refusal( 404, 'not-found' ) )->response();
		}
		$now      = time();
		$response = new \WP_REST_Response( Hours::is_open( $line['hours'], $now ) ? array( 'available' => true ) : Lines::closed( $line, $now ) );
		$response->header( 'Cache-Control', 'public, max-age=60' );
		return $response;
	}
}
