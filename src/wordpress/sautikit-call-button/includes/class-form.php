<?php
/**
 * What the owner sends from the settings page.
 *
 * @package Sautikit\CallButton
 */

namespace Sautikit\CallButton;

defined( 'ABSPATH' ) || exit;

/** Reads the form. What makes no sense is said, and the setting stays as it was. */
final class Form {
	/** Longest time of a call, in minutes; 0 is the gateway's own. */
	const LONGEST_CALL = 240;

	/**
	 * The settings to be stored.
	 *
	 * @param mixed $input What was sent.
	 */
	public static function sanitize( $input ): array {
		$old = Settings::all();
		if ( ! is_array( $input ) || ! isset( $input['form'] ) ) {
			// Not from our form: another plugin restores options, or WordPress adds one that it has just updated.
			return is_array( $input ) ? $input : $old;
		}
		self::take_secrets( $input['secrets'] ?? array() );
		$new = array(
			'mint'     => 'sautikit' === ( $input['mint'] ?? '' ) ? 'sautikit' : 'signer',
			'hook'     => 'elsewhere' === ( $input['hook'] ?? '' ) ? 'elsewhere' : 'here',
			'limit'    => min( 10000, max( 1, absint( $input['limit'] ?? $old['limit'] ) ) ),
			'look'     => self::look( (array) ( $input['look'] ?? array() ) ),
			'floating' => self::floating( (array) ( $input['floating'] ?? array() ) ),
		);
		foreach ( array( 'api_url', 'hook_url' ) as $name ) {
			$url          = esc_url_raw( self::text( $input, $name ), array( 'https', 'http' ) );
			$new[ $name ] = self::valid( $name, $url, $old[ $name ], '' === $url || Http_Client::may_carry_keys( $url ), __( 'Keys are sent to https:// addresses only.', 'sautikit-call-button' ) );
		}
		foreach ( array( 'domain', 'trunk' ) as $name ) {
			$host         = strtolower( self::text( $input, $name ) );
			$new[ $name ] = self::valid( $name, $host, $old[ $name ], (bool) preg_match( '/^(?:[a-z0-9.-]{1,253}(?::\d{1,5})?)?$/', $host ), __( 'This is not the name of a host, such as gateway.example.', 'sautikit-call-button' ) );
		}
		$gateways        = self::words( $input, 'gateways' );
		$new['gateways'] = self::valid( 'gateways', $gateways, $old['gateways'], self::all( $gateways, array( self::class, 'is_gateway' ) ), __( 'A gateway is an address that begins with wss://.', 'sautikit-call-button' ) );
		$origins         = self::words( $input, 'origins' );
		$new['origins']  = self::valid( 'origins', $origins, $old['origins'], self::all( $origins, array( self::class, 'is_origin' ) ), __( 'A site is written as https://shop.example, without a slash at its end.', 'sautikit-call-button' ) );
		$proxies         = self::words( $input, 'proxies' );
		$new['proxies']  = self::valid( 'proxies', $proxies, $old['proxies'], self::all( $proxies, array( Client_Address::class, 'is_block' ) ), __( 'A proxy is an address such as 10.0.0.1, or a block such as 10.0.0.0/8.', 'sautikit-call-button' ) );
		$new['lines']    = self::lines( (array) ( $input['lines'] ?? array() ), $old['lines'] );
		return $new;
	}

	/**
	 * Stores keys that were typed, and forgets those that were ticked. A field that was left empty changes nothing.
	 *
	 * @param mixed $input By name: `new`, `forget`.
	 */
	private static function take_secrets( $input ): void {
		foreach ( array_keys( Secrets::CONSTANTS ) as $name ) {
			$secret = trim( (string) ( $input[ $name ]['new'] ?? '' ) );
			if ( '' !== $secret && ! preg_match( '/^[\x21-\x7e]{8,512}$/', $secret ) ) {
				self::complain( $name, __( 'A key has no blanks and at least eight characters. The one before was kept.', 'sautikit-call-button' ) );
			} elseif ( '' !== $secret ) {
				Secrets::set( $name, $secret );
			} elseif ( ! empty( $input[ $name ]['forget'] ) ) {
				Secrets::set( $name, '' );
			}
		}
	}

	/**
	 * The lines.
	 *
	 * @param array $rows Of the form.
	 * @param array $old  The lines as they were.
	 */
	private static function lines( array $rows, array $old ): array {
		$lines = array();
		foreach ( $rows as $row ) {
			$row  = (array) $row;
			$name = strtolower( self::text( $row, 'name' ) );
			if ( '' === $name || ! empty( $row['remove'] ) ) {
				continue;
			}
			$line = self::line( $name, $row );
			if ( null === $line && isset( $old[ $name ] ) ) {
				$line = $old[ $name ];
			}
			if ( null !== $line ) {
				$lines[ $name ] = $line;
			}
		}
		return $lines;
	}

	/**
	 * A line, or null where it makes no sense.
	 *
	 * @param string $name Its name.
	 * @param array  $row  Of the form.
	 */
	private static function line( string $name, array $row ): ?array {
		$number    = self::number( self::text( $row, 'number' ) );
		$caller_id = self::number( self::text( $row, 'caller_id' ) );
		// In each of these the name is shown, and the number is not: messages are kept for a while.
		if ( ! preg_match( Lines::NAME, $name ) ) {
			self::complain( 'lines', __( 'The name of a line has small letters, digits and hyphens only.', 'sautikit-call-button' ) );
			return null;
		}
		if ( '' !== $number && ! preg_match( Lines::NUMBER, $number ) ) {
			/* translators: %s: name of a line. */
			self::complain( 'lines', sprintf( __( 'Line "%s": write the number with its country code, such as +254 722 000001, or as a SIP address.', 'sautikit-call-button' ), $name ) );
			return null;
		}
		if ( '' !== $caller_id && ! preg_match( Lines::CALLER_ID, $caller_id ) ) {
			/* translators: %s: name of a line. */
			self::complain( 'lines', sprintf( __( 'Line "%s": the caller id is neither a number nor a SIP address.', 'sautikit-call-button' ), $name ) );
			return null;
		}
		$hours = empty( $row['scheduled'] ) ? null : self::hours( $name, $row );
		if ( false === $hours ) {
			return null;
		}
		return array(
			'number'      => $number,
			'caller_id'   => $caller_id,
			'max_minutes' => min( self::LONGEST_CALL, absint( $row['max_minutes'] ?? 0 ) ),
			'hours'       => $hours,
		);
	}

	/**
	 * A number without the signs that people group its digits with; a SIP address as it is.
	 *
	 * @param string $text What was typed.
	 */
	private static function number( string $text ): string {
		return preg_match( '/^\+?[\d ().\/-]+$/', $text ) ? preg_replace( '/[^\d+]/', '', $text ) : $text;
	}

	/**
	 * Opening hours, or false where they make no sense.
	 *
	 * @param string $name The line.
	 * @param array  $row  Of the form.
	 * @return array|false
	 */
	private static function hours( string $name, array $row ) {
		$hours = array( 'exceptions' => array() );
		foreach ( Hours::DAYS as $day ) {
			$hours[ $day ] = Hours::parse_day( self::text( (array) ( $row['hours'] ?? array() ), $day ) );
		}
		foreach ( preg_split( '/\R/', sanitize_textarea_field( (string) ( $row['exceptions'] ?? '' ) ) ) as $text ) {
			if ( '' === trim( $text ) ) {
				continue;
			}
			list( $date, $spans )         = preg_split( '/[\s:]+/', trim( $text ), 2 ) + array( 1 => '' );
			$parsed                       = \DateTimeImmutable::createFromFormat( '!Y-m-d', $date );
			$valid                        = $parsed && $parsed->format( 'Y-m-d' ) === $date;
			$hours['exceptions'][ $date ] = $valid ? Hours::parse_day( $spans ) : null;
		}
		if ( in_array( null, $hours, true ) || in_array( null, $hours['exceptions'], true ) ) {
			/* translators: %s: name of a line. */
			self::complain( 'lines', sprintf( __( 'Line "%s": write hours as 08:00-12:30, 13:30-17:00 and single days as 2026-12-26 10:00-12:00.', 'sautikit-call-button' ), $name ) );
			return false;
		}
		return $hours;
	}

	/**
	 * How buttons look.
	 *
	 * @param array $input Of the form.
	 */
	private static function look( array $input ): array {
		$own_colours = ! empty( $input['own_colours'] );
		return array(
			'label'     => self::text( $input, 'label' ),
			'accent'    => $own_colours ? (string) sanitize_hex_color( self::text( $input, 'accent' ) ) : '',
			'on_accent' => $own_colours ? (string) sanitize_hex_color( self::text( $input, 'on_accent' ) ) : '',
			'variant'   => in_array( $input['variant'] ?? '', Button::VARIANTS, true ) ? $input['variant'] : 'filled',
			'size'      => in_array( $input['size'] ?? '', Button::SIZES, true ) ? $input['size'] : 'medium',
		);
	}

	/**
	 * The button that floats.
	 *
	 * @param array $input Of the form.
	 */
	private static function floating( array $input ): array {
		return array(
			'on'        => ! empty( $input['on'] ),
			'line'      => sanitize_key( $input['line'] ?? '' ),
			'placement' => in_array( $input['placement'] ?? '', Button::PLACEMENTS, true ) ? $input['placement'] : 'bottom-end',
		);
	}

	/**
	 * The new value where it is valid; else the old one, and a complaint.
	 *
	 * @param string $name    The setting.
	 * @param mixed  $value   What was sent.
	 * @param mixed  $old     What was there.
	 * @param bool   $valid   Whether it makes sense.
	 * @param string $message What to say where it does not.
	 * @return mixed
	 */
	private static function valid( string $name, $value, $old, bool $valid, string $message ) {
		if ( ! $valid ) {
			self::complain( $name, $message );
		}
		return $valid ? $value : $old;
	}

	/**
	 * Says what is wrong; the same thing once.
	 *
	 * @param string $name    The setting.
	 * @param string $message In the owner's language.
	 */
	private static function complain( string $name, string $message ): void {
		if ( ! in_array( $message, wp_list_pluck( get_settings_errors( Settings::OPTION ), 'message' ), true ) ) {
			add_settings_error( Settings::OPTION, $name, $message );
		}
	}

	/**
	 * One line of text. WordPress has taken the slashes off already.
	 *
	 * @param array  $input Fields.
	 * @param string $name  Which of them.
	 */
	private static function text( array $input, string $name ): string {
		return is_scalar( $input[ $name ] ?? '' ) ? sanitize_text_field( (string) ( $input[ $name ] ?? '' ) ) : '';
	}

	/**
	 * Words of a text, which blanks and new lines separate.
	 *
	 * @param array  $input Fields.
	 * @param string $name  Which of them.
	 */
	private static function words( array $input, string $name ): array {
		return array_values( array_unique( preg_split( '/[\s,]+/', self::text( $input, $name ), -1, PREG_SPLIT_NO_EMPTY ) ) );
	}

	/**
	 * Whether something holds of each.
	 *
	 * @param string[] $list What is looked at.
	 * @param callable $fits What must hold.
	 */
	private static function all( array $list, callable $fits ): bool {
		return count( array_filter( $list, $fits ) ) === count( $list );
	}

	/**
	 * Whether browsers may connect there.
	 *
	 * @param string $url An address.
	 */
	public static function is_gateway( string $url ): bool {
		$parts = wp_parse_url( $url );
		$local = preg_match( '/^(?:localhost|127(?:\.\d+){3})$/', $parts['host'] ?? '' );
		return ! empty( $parts['host'] ) && ! isset( $parts['user'] ) && ! preg_match( '/["\'<>]/', $url )
			&& ( 'wss' === $parts['scheme'] || ( 'ws' === $parts['scheme'] && $local ) );
	}

	/**
	 * Whether a text is an origin, as browsers write it.
	 *
	 * @param string $origin An origin.
	 */
	public static function is_origin( string $origin ): bool {
		return Origins::of( $origin ) === $origin;
	}
}
