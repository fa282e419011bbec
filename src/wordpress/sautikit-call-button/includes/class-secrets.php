<?php
/**
 * The keys of the owner.
 *
 * @package Sautikit\CallButton
 */

namespace Sautikit\CallButton;

defined( 'ABSPATH' ) || exit;

/** Keeps the keys. They are written and used, and never shown again. A constant of wp-config.php wins over what is stored. */
final class Secrets {
	const OPTION = 'sautikit_call_button_secrets';

	/** By name: the constant of wp-config.php. */
	const CONSTANTS = array(
		'api_key'     => 'SAUTIKIT_API_KEY',
		'signing_key' => 'SAUTIKIT_SIGNING_KEY',
		'hook_secret' => 'SAUTIKIT_HOOK_SECRET',
	);

	/**
	 * A secret, or an empty text.
	 *
	 * @param string $name A key of `CONSTANTS`.
	 */
	public static function get( string $name ): string {
		if ( self::is_constant( $name ) ) {
			return (string) constant( self::CONSTANTS[ $name ] );
		}
		return self::stored()[ $name ] ?? '';
	}

	/**
	 * Whether wp-config.php holds it.
	 *
	 * @param string $name A key of `CONSTANTS`.
	 */
	public static function is_constant( string $name ): bool {
		return defined( self::CONSTANTS[ $name ] ) && '' !== (string) constant( self::CONSTANTS[ $name ] );
	}

	/**
	 * Stores a secret; an empty one is forgotten.
	 *
	 * @param string $name   A key of `CONSTANTS`.
	 * @param string $secret What it is from now on.
	 */
	public static function set( string $name, string $secret ): void {
		$stored = self::stored();
		if ( '' === $secret ) {
			unset( $stored[ $name ] );
		} else {
			$stored[ $name ] = $secret;
		}
		update_option( self::OPTION, $stored, false );
	}

	/** The key that tokens are signed with. Where the owner has none, one is made. */
	public static function signing_key(): string {
		if ( '' === self::get( 'signing_key' ) ) {
			self::set( 'signing_key', bin2hex( random_bytes( 32 ) ) );
		}
		return self::get( 'signing_key' );
	}

	/** What is in the database. */
	private static function stored(): array {
		$stored = get_option( self::OPTION, array() );
		return is_array( $stored ) ? array_filter( $stored, 'is_string' ) : array();
	}
}
