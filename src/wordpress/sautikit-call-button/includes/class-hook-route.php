<?php
/**
 * What the gateway asks this site.
 *
 * @package Sautikit\CallButton
 */

namespace Sautikit\CallButton;

defined( 'ABSPATH' ) || exit;

/**
 * `POST sautikit/v1/hook/<question>`: the gateway asks before it lets a browser register (`connect`) or call (`call`), and
 * reports (`answered`, `ended`). `call` says whom to call, whatever the browser asked for. It proves itself with a secret.
 */
final class Hook_Route {
	/** Hooks. */
	public static function register(): void {
		add_action(
			'rest_api_init',
			static function () {
				if ( 'here' !== Settings::get( 'hook' ) ) {
					return;
				}
				register_rest_route(
					REST_NAMESPACE,
					'/hook/(?P<question>connect|call|answered|ended|incoming)',
					array(
						'methods'             => 'POST',
						'callback'            => array( self::class, 'answer' ),
						'permission_callback' => array( self::class, 'is_gateway' ),
						'show_in_index'       => false,
					)
				);
			}
		);
	}

	/** Where the gateway asks; it adds a slash and the question. */
	public static function url(): string {
		return rest_url( REST_NAMESPACE . '/hook' );
	}

	/**
	 * Whether the gateway asks.
	 *
	 * @param \WP_REST_Request $request What was asked.
	 * @return true|\WP_Error
	 */
	public static function is_gateway( \WP_REST_Request $request ) {
		$secret = Secrets::get( 'hook_secret' );
		$given  = (string) $request->get_header( 'authorization' );
		if ( '' !== $secret && hash_equals( 'Bearer ' . $secret, $given ) ) {
			return true;
		}
		return new \WP_Error( 'unauthorized', 'Unauthorized', array( 'status' => 401 ) );
	}

	/**
	 * Answers the gateway.
	 *
	 * @param \WP_REST_Request $request What it asked.
	 * @throws Refusal Never: it is caught right here.
	 */
	public static function answer( \WP_REST_Request $request ): \WP_REST_Response {
		nocache_headers();
		$body = (array) $request->get_json_params();
		try {
			switch ( $request['question'] ) {
				case 'connect':
					return new \WP_REST_Response( self::connect( $body ) );
				case 'call':
					return new \WP_REST_Response( self::call( $body ) );
				case 'incoming':
					// Nobody is called from outside: visitors only call.
					throw new Refusal( 404, 'not-found' );
				case 'ended':
					Grants::close( self::call_name( $body ) );
			}
			return new \WP_REST_Response( null, 204 );
		} catch ( Refusal $refusal ) {
			return $refusal->response();
		}
	}

	/**
	 * May a browser register? It may; nobody can call it.
	 *
	 * @param array $body The question.
	 * @throws Refusal Where it may not.
	 */
	private static function connect( array $body ): array {
		$grant = self::grant_of( $body );
		if ( isset( $body['aor'] ) && $body['aor'] !== $grant['sub'] ) {
			throw new Refusal( 403, 'token-denied' );
		}
		return array(
			'aor'     => $grant['sub'],
			'sid'     => $grant['sid'],
			'bind'    => false,
			'expires' => (int) $grant['expires'] - time(),
		);
	}

	/**
	 * Whom does a browser call?
	 *
	 * @param array $body The question.
	 * @throws Refusal Where it may call nobody.
	 */
	private static function call( array $body ): array {
		$grant  = self::grant_of( $body );
		$line   = Lines::find( $grant['line'] );
		$callee = $line ? Lines::callee( $line ) : '';
		if ( '' === $callee ) {
			throw new Refusal( 403, 'not-found' );
		}
		// Who pressed the button a minute before closing time still gets through; a session that was renewed does not.
		$now = time();
		if ( $now >= (int) $grant['open_until'] && ! Hours::is_open( $line['hours'], $now ) ) {
			throw new Refusal( 403, 'line-closed' );
		}
		if ( ! Grants::spend( $body['token'], self::call_name( $body ) ) ) {
			throw new Refusal( 403, 'token-denied' );
		}
		$answer = array(
			'callee'  => $callee,
			'sid'     => $grant['sid'],
			'expires' => (int) $grant['expires'] - $now,
		);
		if ( '' !== $line['caller_id'] ) {
			$answer['caller_id'] = $line['caller_id'];
		}
		if ( $line['max_minutes'] > 0 ) {
			$answer['max_duration'] = 60 * $line['max_minutes'];
		}
		return $answer;
	}

	/**
	 * The grant that a browser holds.
	 *
	 * @param array $body The question.
	 * @throws Refusal Where it holds none, or somebody else's.
	 */
	private static function grant_of( array $body ): array {
		$grant = is_string( $body['token'] ?? null ) ? Grants::get( $body['token'] ) : null;
		if ( ! $grant ) {
			throw new Refusal( 403, 'token-unknown' );
		}
		// A token that was copied into another site's page is worth nothing there.
		if ( ! empty( $body['origin'] ) && $body['origin'] !== $grant['origin'] ) {
			throw new Refusal( 403, 'token-denied' );
		}
		return $grant;
	}

	/**
	 * What a call is known by.
	 *
	 * @param array $body The question.
	 * @throws Refusal Where it says no call.
	 */
	private static function call_name( array $body ): string {
		$call_id  = $body['call_id'] ?? null;
		$from_tag = $body['from_tag'] ?? null;
		if ( ! is_string( $call_id ) || ! is_string( $from_tag ) || '' === $call_id || '' === $from_tag ) {
			throw new Refusal( 400, 'bad-request' );
		}
		return $call_id . "\n" . $from_tag;
	}
}
