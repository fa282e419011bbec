<?php
/**
 * The block of the editor.
 *
 * @package Sautikit\CallButton
 */

namespace Sautikit\CallButton;

defined( 'ABSPATH' ) || exit;

/**
 * A dynamic block: a post keeps the name of the line and the label, and the tag is drawn as the page is shown. Written into
 * the post, WordPress would strip it for authors.
 */
final class Block {
	const EDITOR = 'sautikit-call-button-editor';

	/** Hooks. */
	public static function register(): void {
		add_action( 'init', array( self::class, 'register_block' ), 20 );
		add_action( 'enqueue_block_assets', array( self::class, 'enqueue_preview' ) );
	}

	/** The block, and what its editor knows. */
	public static function register_block(): void {
		$folder = plugins_url( 'blocks/call-button/', PLUGIN_FILE );
		wp_register_script( self::EDITOR, $folder . 'editor.js', array( 'wp-blocks', 'wp-element', 'wp-block-editor', 'wp-components' ), VERSION, true );
		register_block_type( dirname( PLUGIN_FILE ) . '/blocks/call-button', array( 'render_callback' => array( self::class, 'render' ) ) );
		if ( is_admin() ) {
			wp_add_inline_script( self::EDITOR, 'window.sautikitCallButton = ' . wp_json_encode( self::for_the_editor() ) . ';', 'before' );
		}
	}

	/** In the editor the real button is shown, which nobody can press there. */
	public static function enqueue_preview(): void {
		if ( is_admin() ) {
			Button::enqueue();
		}
	}

	/**
	 * The tag, as the page is shown.
	 *
	 * @param array $attributes Of the block.
	 */
	public static function render( array $attributes ): string {
		$wish = array( 'placement' => '' );
		foreach ( array( 'line', 'label', 'variant', 'size' ) as $name ) {
			$wish[ $name ] = (string) ( $attributes[ $name ] ?? '' );
		}
		$html = Button::html( $wish );
		return '' === $html ? '' : '<div ' . get_block_wrapper_attributes() . '>' . $html . '</div>';
	}

	/** Names of lines, and words. */
	private static function for_the_editor(): array {
		$look = Settings::get( 'look' );
		return array(
			'lines'    => Lines::names(),
			'look'     => array_intersect_key( $look, array_flip( array( 'label', 'variant', 'size' ) ) ),
			'variants' => array(
				''        => __( 'As in the settings', 'sautikit-call-button' ),
				'filled'  => __( 'Filled', 'sautikit-call-button' ),
				'outline' => __( 'Outline', 'sautikit-call-button' ),
				'plain'   => __( 'Plain', 'sautikit-call-button' ),
			),
			'sizes'    => array(
				''       => __( 'As in the settings', 'sautikit-call-button' ),
				'small'  => __( 'Small', 'sautikit-call-button' ),
				'medium' => __( 'Medium', 'sautikit-call-button' ),
				'large'  => __( 'Large', 'sautikit-call-button' ),
			),
			'words'    => array(
				'line'    => __( 'Line', 'sautikit-call-button' ),
				'default' => __( 'The only line', 'sautikit-call-button' ),
				'label'   => __( 'Label', 'sautikit-call-button' ),
				'variant' => __( 'Style', 'sautikit-call-button' ),
				'size'    => __( 'Size', 'sautikit-call-button' ),
				'button'  => __( 'Button', 'sautikit-call-button' ),
				'call'    => __( 'Call', 'sautikit-call-button' ),
				'none'    => __( 'No line is set up yet. An administrator does that under Settings, Call Button.', 'sautikit-call-button' ),
			),
		);
	}
}
