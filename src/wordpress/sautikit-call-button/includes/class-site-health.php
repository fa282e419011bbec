<?php
/**
 * Tests for Tools > Site Health.
 *
 * @package Sautikit\CallButton
 */

namespace Sautikit\CallButton;

defined( 'ABSPATH' ) || exit;

/** Finds out whether visitors can call, and says what to do where they cannot. */
final class Site_Health {
	/** Seconds that an answer may take. */
	const TIMEOUT = 5;

	/** By name: those that ask another server, or this one, and so run one after the other in the background. */
	const ASKING = array( 'gateway', 'token', 'microphone' );

	/** Hooks. */
	public static function register(): void {
		add_filter( 'site_status_tests', array( self::class, 'add_tests' ) );
		add_action( 'rest_api_init', array( self::class, 'register_route' ) );
	}

	/**
	 * Adds the tests.
	 *
	 * @param array $tests Of WordPress and other plugins.
	 */
	public static function add_tests( array $tests ): array {
		$tests['direct']['sautikit_https'] = array(
			'label' => __( 'Call button: HTTPS', 'sautikit-call-button' ),
			'test'  => array( self::class, 'https' ),
		);
		$labels                            = array(
			'gateway'    => __( 'Call button: gateway', 'sautikit-call-button' ),
			'token'      => __( 'Call button: tokens', 'sautikit-call-button' ),
			'microphone' => __( 'Call button: microphone', 'sautikit-call-button' ),
		);
		foreach ( self::ASKING as $name ) {
			$tests['async'][ 'sautikit_' . $name ] = array(
				'label'             => $labels[ $name ],
				'test'              => rest_url( REST_NAMESPACE . '/health/' . $name ),
				'has_rest'          => true,
				'async_direct_test' => array( self::class, $name ),
			);
		}
		return $tests;
	}

	/** The route by which the page asks. */
	public static function register_route(): void {
		register_rest_route(
			REST_NAMESPACE,
			'/health/(?P<name>' . implode( '|', self::ASKING ) . ')',
			array(
				'methods'             => 'GET',
				'callback'            => static function ( \WP_REST_Request $request ) {
					return call_user_func( array( self::class, $request['name'] ) );
				},
				'permission_callback' => static function () {
					return current_user_can( 'view_site_health_checks' );
				},
				'show_in_index'       => false,
			)
		);
	}

	/** Is the site secure? Browsers give pages a microphone only then. */
	public static function https(): array {
		$home   = (string) home_url();
		$host   = (string) wp_parse_url( $home, PHP_URL_HOST );
		$secure = 'https' === wp_parse_url( $home, PHP_URL_SCHEME ) || in_array( $host, array( 'localhost', '127.0.0.1' ), true );
		return $secure
			? self::good( 'https', __( 'Visitors may be asked for their microphone', 'sautikit-call-button' ), __( 'The site is served over HTTPS.', 'sautikit-call-button' ) )
			: self::bad( 'https', __( 'Nobody can call from this site', 'sautikit-call-button' ), __( 'Browsers give a microphone to HTTPS pages only. Set up a certificate, and change the address of the site to https:// under Settings, General.', 'sautikit-call-button' ) );
	}

	/** Do all gateways answer, with a certificate that holds? */
	public static function gateway(): array {
		$gateways = Settings::get( 'gateways' );
		if ( ! $gateways ) {
			return self::bad( 'gateway', __( 'The call button has no gateway', 'sautikit-call-button' ), __( 'Name one under Settings, Call Button.', 'sautikit-call-button' ) );
		}
		foreach ( $gateways as $gateway ) {
			// Any answer will do: a gateway says that this is no WebSocket, and that shows that it is there.
			$answer = wp_remote_get(
				preg_replace( '/^ws/', 'http', $gateway ),
				array(
					'timeout'     => self::TIMEOUT,
					'redirection' => 0,
				)
			);
			if ( is_wp_error( $answer ) ) {
				/* translators: 1: address of the gateway, 2: what went wrong. */
				$why = sprintf( __( '%1$s does not answer: %2$s. Is it running, does a firewall stand in the way, is its certificate valid?', 'sautikit-call-button' ), $gateway, $answer->get_error_message() );
				return self::bad( 'gateway', __( 'The gateway of the call button cannot be reached', 'sautikit-call-button' ), $why );
			}
		}
		return self::good( 'gateway', __( 'The gateway of the call button answers', 'sautikit-call-button' ), __( 'Its certificate is valid.', 'sautikit-call-button' ) );
	}

	/** Does the token endpoint answer, each time anew? */
	public static function token(): array {
		$title = __( 'The call button gets no token', 'sautikit-call-button' );
		$names = Lines::names();
		if ( ! $names ) {
			return self::bad( 'token', $title, __( 'There is no line yet. Add one under Settings, Call Button.', 'sautikit-call-button' ) );
		}
		$tokens = array();
		for ( $time = 0; $time < 2; $time++ ) {
			$answer = wp_remote_post(
				Token_Route::url(),
				array(
					'timeout'     => self::TIMEOUT,
					'redirection' => 0,
					// As WordPress itself does where it asks itself.
					'sslverify'   => apply_filters( 'https_local_ssl_verify', false ), // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals.NonPrefixedHooknameFound
					'headers'     => array(
						'Origin'       => (string) Origins::of( home_url() ),
						'Content-Type' => 'application/json',
					),
					'body'        => wp_json_encode( array( 'line' => $names[0] ) ),
				)
			);
			$status = (int) wp_remote_retrieve_response_code( $answer );
			$grant  = json_decode( wp_remote_retrieve_body( $answer ), true );
			if ( is_wp_error( $answer ) || 200 !== $status || ! is_array( $grant ) ) {
				$said = is_wp_error( $answer ) ? $answer->get_error_message() : $status . ' ' . ( is_string( $grant['error'] ?? null ) ? $grant['error'] : '' );
				/* translators: %s: what the endpoint answered. */
				return self::bad( 'token', $title, sprintf( __( 'It answers "%s". A plugin that closes the REST API to visitors has to leave sautikit/v1/token open; and 5xx points at the gateway, the hook or the API key in the settings.', 'sautikit-call-button' ), trim( $said ) ) );
			}
			$kept = false === stripos( (string) wp_remote_retrieve_header( $answer, 'cache-control' ), 'no-store' );
			if ( $kept ) {
				return self::bad( 'token', __( 'A cache may keep tokens of the call button', 'sautikit-call-button' ), __( 'Something between WordPress and its visitors takes the header "Cache-Control: no-store" away. Except /sautikit/v1/token from that cache.', 'sautikit-call-button' ) );
			}
			$tokens[] = $grant['token'] ?? null;
		}
		if ( null !== $tokens[0] && $tokens[0] === $tokens[1] ) {
			return self::bad( 'token', __( 'A cache keeps tokens of the call button', 'sautikit-call-button' ), __( 'Two visitors were given the same token. Except /sautikit/v1/token from the cache.', 'sautikit-call-button' ) );
		}
		return self::good( 'token', __( 'The call button gets its tokens', 'sautikit-call-button' ), __( 'The token endpoint answers, and no cache keeps what it says.', 'sautikit-call-button' ) );
	}

	/** Does a header of the site forbid the microphone? */
	public static function microphone(): array {
		$answer = wp_remote_get(
			home_url( '/' ),
			array(
				'timeout'   => self::TIMEOUT,
				'sslverify' => apply_filters( 'https_local_ssl_verify', false ), // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals.NonPrefixedHooknameFound
			)
		);
		if ( is_wp_error( $answer ) ) {
			/* translators: %s: what went wrong. */
			return self::bad( 'microphone', __( 'The front page could not be looked at', 'sautikit-call-button' ), sprintf( __( 'WordPress cannot reach itself: %s', 'sautikit-call-button' ), $answer->get_error_message() ) );
		}
		$policy = implode( ', ', (array) wp_remote_retrieve_header( $answer, 'permissions-policy' ) );
		if ( preg_match( '/(?:^|[\s,])microphone\s*=\s*(\([^)]*\)|[^\s,]+)/i', $policy, $found ) && ! preg_match( '/\*|\bself\b/', $found[1] ) ) {
			return self::bad( 'microphone', __( 'A header forbids the microphone', 'sautikit-call-button' ), __( 'The site sends a Permissions-Policy without its own pages for the microphone. Change it to microphone=(self), in the plugin or server that sends it.', 'sautikit-call-button' ) );
		}
		return self::good( 'microphone', __( 'No header forbids the microphone', 'sautikit-call-button' ), __( 'Pages of this site may ask for it.', 'sautikit-call-button' ) );
	}

	/**
	 * All is well.
	 *
	 * @param string $name  Of the test.
	 * @param string $label What holds.
	 * @param string $text  In a sentence.
	 */
	private static function good( string $name, string $label, string $text ): array {
		return self::result( $name, 'good', $label, $text );
	}

	/**
	 * Something is to be done.
	 *
	 * @param string $name  Of the test.
	 * @param string $label What does not hold.
	 * @param string $text  What to do.
	 */
	private static function bad( string $name, string $label, string $text ): array {
		return self::result( $name, 'critical', $label, $text );
	}

	/**
	 * As Site Health takes it.
	 *
	 * @param string $name   Of the test.
	 * @param string $status `good` or `critical`.
	 * @param string $label  In a line.
	 * @param string $text   In a sentence.
	 */
	private static function result( string $name, string $status, string $label, string $text ): array {
		return array(
			'label'       => $label,
			'status'      => $status,
			'badge'       => array(
				'label' => __( 'Call button', 'sautikit-call-button' ),
				'color' => 'blue',
			),
			'description' => '<p>' . esc_html( $text ) . '</p>',
			'actions'     => 'good' === $status ? '' : sprintf( '<a href="%s">%s</a>', esc_url( admin_url( 'options-general.php?page=' . Settings_Page::SLUG ) ), esc_html__( 'Settings of the call button', 'sautikit-call-button' ) ),
			'test'        => 'sautikit_' . $name,
		);
	}
}
