<?php
/**
 * The button in pages.
 *
 * @package Sautikit\CallButton
 */

namespace Sautikit\CallButton;

defined( 'ABSPATH' ) || exit;

/** Draws the tag, for the block, the shortcode `[sautikit_call_button]` and the button that floats on every page. */
final class Button {
	const HANDLE    = 'sautikit-call-button';
	const SHORTCODE = 'sautikit_call_button';

	const VARIANTS   = array( 'filled', 'outline', 'plain' );
	const SIZES      = array( 'small', 'medium', 'large' );
	const PLACEMENTS = array( 'bottom-end', 'bottom-start', 'top-end', 'top-start' );

	/** Hooks. */
	public static function register(): void {
		add_action( 'init', array( self::class, 'register_assets' ) );
		add_action( 'wp_enqueue_scripts', array( self::class, 'enqueue_floating' ) );
		add_action( 'wp_footer', array( self::class, 'print_floating' ) );
		add_filter( 'script_loader_tag', array( self::class, 'as_module' ), 10, 2 );
		add_shortcode( self::SHORTCODE, array( self::class, 'shortcode' ) );
	}

	/** The script and the styles that keep its place until it comes. */
	public static function register_assets(): void {
		$assets = plugins_url( 'assets/', PLUGIN_FILE );
		wp_register_script( self::HANDLE, $assets . 'sautikit-call-button.js', array(), VERSION, true );
		wp_register_style( self::HANDLE, $assets . 'snippet.css', array(), VERSION );
		$colours = self::colours( Settings::get( 'look' ) );
		if ( '' !== $colours ) {
			wp_add_inline_style( self::HANDLE, 'sautikit-call-button{' . $colours . '}' );
		}
	}

	/**
	 * The script is a module; WordPress knows those only from 6.5 on.
	 *
	 * @param string $tag    The tag as WordPress writes it.
	 * @param string $handle Which script.
	 */
	public static function as_module( $tag, $handle ) {
		return self::HANDLE === $handle ? preg_replace( '/<script(?: type=(["\'])text\/javascript\1)? /', '<script type="module" ', $tag, 1 ) : $tag;
	}

	/** Has the page carry script and styles. */
	public static function enqueue(): void {
		wp_enqueue_script( self::HANDLE );
		wp_enqueue_style( self::HANDLE );
	}

	/**
	 * The shortcode.
	 *
	 * @param array|string $attributes Such as `line` and `label`.
	 */
	public static function shortcode( $attributes ): string {
		return self::html( shortcode_atts( self::no_attributes(), (array) $attributes, self::SHORTCODE ) );
	}

	/** Script and styles of the button that floats. */
	public static function enqueue_floating(): void {
		if ( self::floats() ) {
			self::enqueue();
		}
	}

	/** The button that floats. */
	public static function print_floating(): void {
		if ( self::floats() ) {
			$floating = Settings::get( 'floating' );
			// phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- `html` escapes each attribute.
			echo self::html( array_merge( self::no_attributes(), array_intersect_key( $floating, self::no_attributes() ) ) );
		}
	}

	/**
	 * The tag. There is no attribute for a number: a page names a line, and this site knows the number.
	 *
	 * @param array $wish `line`, `label`, `variant`, `size`, `placement`; empty ones are as the settings say.
	 */
	public static function html( array $wish ): string {
		$look = Settings::get( 'look' );
		if ( ! in_array( $wish['line'], Lines::names(), true ) && ! Lines::find( '' === $wish['line'] ? null : $wish['line'] ) ) {
			// For those who can mend it; a visitor sees nothing rather than a button that cannot call.
			return current_user_can( 'edit_posts' ) ? '<p>' . esc_html__( 'Sautikit Call Button: this line does not exist. Choose one in the settings of the button.', 'sautikit-call-button' ) . '</p>' : '';
		}
		self::enqueue();
		$label      = '' === $wish['label'] ? $look['label'] : $wish['label'];
		$attributes = array(
			'token-url'  => Token_Route::url(),
			'status-url' => Status_Route::url(),
			'line'       => $wish['line'],
			'label'      => $label,
			'variant'    => self::one_of( self::VARIANTS, $wish['variant'], $look['variant'] ),
			'size'       => self::one_of( self::SIZES, $wish['size'], $look['size'] ),
			'placement'  => self::one_of( self::PLACEMENTS, $wish['placement'], '' ),
		);
		// Known beforehand, the connection opens while the pointer is still on its way.
		$attributes['gateway-url'] = implode( ' ', Settings::get( 'gateways' ) );
		$html                      = '';
		foreach ( $attributes as $name => $value ) {
			if ( '' !== $value ) {
				// A list of wss: addresses is none that `esc_url` knows.
				$is_url = in_array( $name, array( 'token-url', 'status-url' ), true );
				$html  .= sprintf( ' %s="%s"', $name, $is_url ? esc_url( $value ) : esc_attr( $value ) );
			}
		}
		return '<sautikit-call-button' . $html . '></sautikit-call-button>';
	}

	/**
	 * The owner's colours, as declarations.
	 *
	 * @param array $look The setting `look`.
	 */
	public static function colours( array $look ): string {
		$css = '';
		foreach ( array(
			'accent'    => '--sautikit-accent',
			'on_accent' => '--sautikit-on-accent',
		) as $name => $token ) {
			$colour = sanitize_hex_color( $look[ $name ] );
			$css   .= $colour ? $token . ':' . $colour . ';' : '';
		}
		return $css;
	}

	/** Whether a button floats on this page. */
	private static function floats(): bool {
		return Settings::get( 'floating' )['on'] && ! is_feed() && ! is_embed();
	}

	/** What a button may be asked for. */
	private static function no_attributes(): array {
		return array_fill_keys( array( 'line', 'label', 'variant', 'size', 'placement' ), '' );
	}

	/**
	 * A word of a list, or another.
	 *
	 * @param string[] $list      What is known.
	 * @param mixed    $word      What is wished.
	 * @param string   $otherwise What is taken where it is not known.
	 */
	private static function one_of( array $list, $word, string $otherwise ): string {
		return in_array( $word, $list, true ) ? $word : $otherwise;
	}
}
