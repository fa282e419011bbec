<?php
/**
 * The token endpoint.
 *
 * @package Sautikit\CallButton
 */

namespace Sautikit\CallButton;

defined( 'ABSPATH' ) || exit;

/**
 * `POST sautikit/v1/token`: what the element asks for a grant. It is for visitors, so it takes no nonce: pages are cached
 * for days, and a nonce is older than that. What stands in its way is the origin of the page, limits, and that a grant is
 * good for one call to a line that the owner chose.
 */
final class Token_Route {
	const ROUTE = '/token';

	/** Bytes. A request holds a line, 1 kB of context and at most one token, or the answer to a challenge. */
	const BODY_LIMIT = 4096;

	/** By the HTTP status of what WordPress itself refuses: what the page is told. */
	const CODES = array(
		400 => 'bad-request',
		401 => 'unauthorized',
		403 => 'token-denied',
		404 => 'not-found',
		405 => 'method-not-allowed',
		429 => 'rate-limited',
	);

	/** Hooks. */
	public static function register(): void {
		add_action( 'rest_api_init', array( self::class, 'register_route' ) );
		add_filter( 'rest_post_dispatch', array( self::class, 'shape' ), 100, 3 );
		add_filter( 'rest_pre_serve_request', array( self::class, 'send_headers' ), 100, 3 );
	}

	/** The route. */
	public static function register_route(): void {
		register_rest_route(
			REST_NAMESPACE,
			self::ROUTE,
			array(
				'methods'             => 'POST',
				'callback'            => array( self::class, 'answer' ),
				// Public on purpose: whoever may see the page may call. `answer` looks at origin and limits.
				'permission_callback' => '__return_true',
				'show_in_index'       => false,
			)
		);
	}

	/** The address of the endpoint. */
	public static function url(): string {
		return rest_url( REST_NAMESPACE . self::ROUTE );
	}

	/**
	 * Answers a page.
	 *
	 * @param \WP_REST_Request $request What it asked.
	 * @throws Refusal Never: it is caught right here.
	 */
	public static function answer( \WP_REST_Request $request ): \WP_REST_Response {
		nocache_headers();
		if ( ! defined( 'DONOTCACHEPAGE' ) ) {
			// What page caches agreed on to be told by.
			// phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals.NonPrefixedConstantFound
			define( 'DONOTCACHEPAGE', true );
		}
		try {
			$origin = (string) $request->get_header( 'origin' );
			if ( ! in_array( $origin, Origins::allowed(), true ) ) {
				throw new Refusal( 403, 'token-denied' );
			}
			return new \WP_REST_Response( self::grant( self::read( $request ), $origin ) );
		} catch ( Refusal $refusal ) {
			return $refusal->response();
		} catch ( \Throwable $error ) {
			return ( new Refusal( 500, 'server-error' ) )->response();
		}
	}

	/**
	 * What the page wishes.
	 *
	 * @param \WP_REST_Request $request What it asked.
	 * @throws Refusal Where it makes no sense.
	 */
	private static function read( \WP_REST_Request $request ): array {
		$body = $request->get_body();
		if ( strlen( $body ) > self::BODY_LIMIT ) {
			throw new Refusal( 413, 'bad-request' );
		}
		$wish = json_decode( '' === trim( $body ) ? '{}' : $body, false, 16 );
		if ( ! is_object( $wish ) ) {
			throw new Refusal( 400, 'bad-request' );
		}
		foreach ( array( 'line', 'renew' ) as $field ) {
			if ( isset( $wish->$field ) && ! is_string( $wish->$field ) ) {
				throw new Refusal( 400, 'bad-request' );
			}
		}
		return array(
			'line'      => $wish->line ?? null,
			'renew'     => $wish->renew ?? '',
			'context'   => $wish->context ?? null,
			'challenge' => $wish->challenge ?? null,
		);
	}

	/**
	 * Gives a grant, or says that the line is closed.
	 *
	 * @param array  $wish   What the page wishes.
	 * @param string $origin Of the page.
	 * @throws Refusal Where there is none.
	 */
	private static function grant( array $wish, string $origin ): array {
		$line = Lines::find( $wish['line'] );
		if ( ! $line ) {
			throw new Refusal( 404, 'not-found' );
		}
		if ( ! Settings::get( 'gateways' ) || '' === Settings::get( 'domain' ) ) {
			throw new Refusal( 503, 'server-error' );
		}
		$now     = time();
		$old     = Grants::get( $wish['renew'] );
		$address = Client_Address::get();
		if ( $old && ( $old['line'] !== $line['name'] || $old['origin'] !== $origin ) ) {
			$old = null;
		}
		if ( $old ) {
			// A call goes on, whatever the time.
			Counters::admit_renewal( $old['sid'] );
		} else {
			if ( ! Hours::is_open( $line['hours'], $now ) ) {
				return Lines::closed( $line, $now );
			}
			Counters::admit_address( $address );
		}
		return self::mint( $wish, $line, $origin, $old, $address );
	}

	/**
	 * Makes the grant, and says so where the gateway will ask.
	 *
	 * @param array      $wish    What the page wishes.
	 * @param array      $line    Its line.
	 * @param string     $origin  Of the page.
	 * @param array|null $old     The grant that is renewed.
	 * @param string     $address Of the visitor.
	 * @throws Refusal Where there is none.
	 */
	private static function mint( array $wish, array $line, string $origin, ?array $old, string $address ): array {
		$domain = Settings::get( 'domain' );
		$sid    = $old ? $old['sid'] : Mint::random_id();
		$user   = $old ? explode( '@', substr( $old['sub'], 4 ) )[0] : Mint::random_id();
		$sub    = "sip:$user@$domain";

		// Tokens of the Sautikit API of the same second are the same: whoever comes second takes the next second's.
		for ( $attempt = 0;; $attempt++ ) {
			list( $token, $life ) = Mint::token( $sid, $user );
			$record               = array(
				'sid'     => $sid,
				'sub'     => $sub,
				'line'    => $line['name'],
				'origin'  => $origin,
				'expires' => time() + $life,
			);
			if ( $old ) {
				$record['born']       = (int) $old['born'];
				$record['open_until'] = (int) $old['open_until'];
				// Not before the new token is sure to be there.
				$record['call_right'] = 'none';
			}
			if ( Grants::put( $token, $record ) ) {
				break;
			}
			if ( $attempt >= 4 ) {
				throw new Refusal( 503, 'server-error', array( 'retry_after' => 1 ) );
			}
			usleep( 1000000 );
		}

		if ( 'elsewhere' === Settings::get( 'hook' ) ) {
			$closed = Hook_Client::tell(
				array(
					'event_id'     => Mint::random_id(),
					'token_sha256' => hash( 'sha256', $token ),
					'renew_sha256' => $old ? hash( 'sha256', $wish['renew'] ) : null,
					'line'         => $line['name'],
					'origin'       => $origin,
					'sid'          => $sid,
					'sub'          => $sub,
					'expires_in'   => $life,
					'remote_ip'    => $address,
					'context'      => $wish['context'],
					'challenge'    => $wish['challenge'],
				)
			);
			if ( $closed ) {
				return $closed;
			}
		} elseif ( $old && 'open' === Grants::take_right( $wish['renew'], $old ) ) {
			Grants::give_right( $token );
		}
		$grant = array(
			'token'       => $token,
			'expires_in'  => $life,
			'gateway_url' => Settings::get( 'gateways' ),
			'sip_uri'     => $sub,
		);
		if ( $line['max_minutes'] > 0 ) {
			$grant['max_duration'] = 60 * $line['max_minutes'];
		}
		return $grant;
	}

	/**
	 * Gives every answer of the route the shape that pages understand, also what WordPress or another plugin refused.
	 *
	 * @param mixed            $response What is to be sent.
	 * @param \WP_REST_Server  $server   The server.
	 * @param \WP_REST_Request $request  What was asked.
	 * @return mixed
	 */
	public static function shape( $response, $server, $request ) {
		if ( ! self::is_route( $request ) || ! $response instanceof \WP_REST_Response ) {
			return $response;
		}
		$status = $response->get_status();
		$data   = $response->get_data();
		if ( ! in_array( $request->get_method(), array( 'POST', 'OPTIONS' ), true ) ) {
			$response = ( new Refusal( 405, 'method-not-allowed' ) )->response();
			$response->header( 'Allow', 'POST, OPTIONS' );
		} elseif ( $status >= 400 && ! isset( $data['error'] ) ) {
			$known    = self::CODES[ $status ] ?? 'server-error';
			$response = ( new Refusal( $status, $known ) )->response();
		} elseif ( 'OPTIONS' === $request->get_method() ) {
			$response = new \WP_REST_Response( null, 204 );
		}
		$response->header( 'Cache-Control', 'no-store, no-cache, must-revalidate, max-age=0' );
		return $response;
	}

	/**
	 * Takes the header back by which WordPress lets every site's pages read every answer.
	 *
	 * @param bool             $served  Whether the answer was sent.
	 * @param mixed            $result  What is to be sent.
	 * @param \WP_REST_Request $request What was asked.
	 */
	public static function send_headers( $served, $result, $request ) {
		if ( self::is_route( $request ) ) {
			header_remove( 'Access-Control-Allow-Origin' );
			header_remove( 'Access-Control-Allow-Credentials' );
			header_remove( 'Access-Control-Allow-Methods' );
			header( 'Vary: Origin' );
			$origin = (string) $request->get_header( 'origin' );
			if ( in_array( $origin, Origins::allowed(), true ) ) {
				header( 'Access-Control-Allow-Origin: ' . $origin );
				header( 'Access-Control-Allow-Methods: POST' );
			}
		}
		return $served;
	}

	/**
	 * Whether a request is one of ours.
	 *
	 * @param mixed $request What was asked.
	 */
	private static function is_route( $request ): bool {
		return $request instanceof \WP_REST_Request && '/' . REST_NAMESPACE . self::ROUTE === untrailingslashit( $request->get_route() );
	}
}
