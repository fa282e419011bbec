<?php
/**
 * What the owner has set, without the secrets.
 *
 * @package Sautikit\CallButton
 */

namespace Sautikit\CallButton;

defined( 'ABSPATH' ) || exit;

/** Reads the settings. They are kept in one option that is not loaded with every page and that no REST route shows. */
final class Settings {
	const OPTION = 'sautikit_call_button';

	/** What holds until the owner says otherwise. */
	public static function defaults(): array {
		return array(
			// Who makes the tokens: `signer` is this site, `sautikit` the Sautikit API.
			'mint'     => 'signer',
			'api_url'  => '',
			// Whom the gateway asks: `here` is this site, `elsewhere` a hook that is told of each token.
			'hook'     => 'here',
			'hook_url' => '',
			'gateways' => array(),
			'domain'   => '',
			// The host that plain numbers are called through.
			'trunk'    => '',
			'origins'  => array(),
			'proxies'  => array(),
			// New grants for one address in ten minutes.
			'limit'    => 60,
			'lines'    => array(),
			'look'     => array(
				'label'     => '',
				'accent'    => '',
				'on_accent' => '',
				'variant'   => 'filled',
				'size'      => 'medium',
			),
			'floating' => array(
				'on'        => false,
				'line'      => '',
				'placement' => 'bottom-end',
			),
		);
	}

	/** All settings. */
	public static function all(): array {
		$stored = get_option( self::OPTION, array() );
		$stored = is_array( $stored ) ? $stored : array();
		$all    = array_merge( self::defaults(), array_intersect_key( $stored, self::defaults() ) );
		foreach ( array( 'look', 'floating' ) as $group ) {
			$all[ $group ] = array_merge( self::defaults()[ $group ], (array) $all[ $group ] );
		}
		return $all;
	}

	/**
	 * One setting.
	 *
	 * @param string $name Its name in `defaults()`.
	 * @return mixed
	 */
	public static function get( string $name ) {
		return self::all()[ $name ];
	}
}
