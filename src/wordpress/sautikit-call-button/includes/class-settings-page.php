<?php
/**
 * The page in the admin.
 *
 * @package Sautikit\CallButton
 */

namespace Sautikit\CallButton;

defined( 'ABSPATH' ) || exit;

/** Settings > Call Button, for administrators. It is sent to options.php, where WordPress looks at nonce and role. */
final class Settings_Page {
	const SLUG       = 'sautikit-call-button';
	const GROUP      = 'sautikit_call_button';
	const CAPABILITY = 'manage_options';

	/** Hooks. */
	public static function register(): void {
		add_action(
			'admin_init',
			static function () {
				register_setting(
					self::GROUP,
					Settings::OPTION,
					array(
						'type'              => 'array',
						'sanitize_callback' => array( Form::class, 'sanitize' ),
						'show_in_rest'      => false,
					)
				);
				// Not with every page: numbers stand in it.
				add_option( Settings::OPTION, array(), '', 'no' );
				wp_add_privacy_policy_content( 'Sautikit Call Button', wp_kses_post( wpautop( self::privacy() ) ) );
			}
		);
		add_action(
			'admin_menu',
			static function () {
				$hook = add_options_page( __( 'Call Button', 'sautikit-call-button' ), __( 'Call Button', 'sautikit-call-button' ), self::CAPABILITY, self::SLUG, array( self::class, 'print_page' ) );
				add_action( 'admin_print_scripts-' . $hook, array( self::class, 'enqueue' ) );
			}
		);
		add_filter(
			'plugin_action_links_' . plugin_basename( PLUGIN_FILE ),
			static function ( $links ) {
				$url = admin_url( 'options-general.php?page=' . self::SLUG );
				return array_merge( array( '<a href="' . esc_url( $url ) . '">' . esc_html__( 'Settings', 'sautikit-call-button' ) . '</a>' ), $links );
			}
		);
	}

	/** What the preview needs. */
	public static function enqueue(): void {
		Button::enqueue();
		wp_enqueue_script( 'sautikit-call-button-preview', plugins_url( 'admin/preview.js', PLUGIN_FILE ), array(), VERSION, true );
		wp_enqueue_style( 'sautikit-call-button-admin', plugins_url( 'admin/settings.css', PLUGIN_FILE ), array(), VERSION );
	}

	/** The page. */
	public static function print_page(): void {
		if ( ! current_user_can( self::CAPABILITY ) ) {
			return;
		}
		$settings = Settings::all();
		?>
		<div class="wrap sautikit-settings">
			<h1><?php echo esc_html( get_admin_page_title() ); ?></h1>
			<form action="options.php" method="post" autocomplete="off">
				<?php settings_fields( self::GROUP ); ?>
				<input type="hidden" name="<?php echo esc_attr( Settings::OPTION ); ?>[form]" value="1">

				<h2><?php esc_html_e( 'Lines', 'sautikit-call-button' ); ?></h2>
				<p><?php esc_html_e( 'A page names a line. Only this site, and your gateway, know which number is behind it.', 'sautikit-call-button' ); ?></p>
				<?php
				$index = 0;
				foreach ( $settings['lines'] as $name => $line ) {
					self::print_line( $index++, (string) $name, $line );
				}
				self::print_line(
					$index,
					'',
					array(
						'number'      => '',
						'caller_id'   => '',
						'max_minutes' => 0,
						'hours'       => null,
					)
				);
				?>

				<h2><?php esc_html_e( 'Gateway', 'sautikit-call-button' ); ?></h2>
				<table class="form-table" role="presentation">
					<?php
					self::text_row( 'gateways', __( 'Gateway', 'sautikit-call-button' ), implode( ' ', $settings['gateways'] ), __( 'Where browsers connect to: wss://gateway.example/. Several, in order of preference, with blanks between them.', 'sautikit-call-button' ) );
					self::text_row( 'domain', __( 'SIP domain', 'sautikit-call-button' ), $settings['domain'], __( 'The host in callers’ SIP addresses, such as gateway.example.', 'sautikit-call-button' ) );
					self::choice_row(
						'hook',
						__( 'Whom the gateway asks', 'sautikit-call-button' ),
						$settings['hook'],
						array(
							'here'      => __( 'This site: it knows the numbers above', 'sautikit-call-button' ),
							'elsewhere' => __( 'A hook on another server, which has lines of the same names and numbers of its own', 'sautikit-call-button' ),
						)
					);
					?>
					<tr>
						<th scope="row"><?php esc_html_e( 'Hook of this site', 'sautikit-call-button' ); ?></th>
						<td><code><?php echo esc_html( Hook_Route::url() ); ?></code></td>
					</tr>
					<?php
					self::text_row( 'trunk', __( 'Trunk', 'sautikit-call-button' ), $settings['trunk'], __( 'The host that plain numbers are called through, such as trunk.example. Only where this site is asked.', 'sautikit-call-button' ) );
					self::text_row( 'hook_url', __( 'Hook on another server', 'sautikit-call-button' ), $settings['hook_url'], __( 'Such as https://calls.example/hook. It is told of each token.', 'sautikit-call-button' ) );
					self::secret_row( 'hook_secret', __( 'Secret of the hook', 'sautikit-call-button' ), __( 'What the gateway, or this site, proves itself with to the hook.', 'sautikit-call-button' ) );
					?>
				</table>

				<h2><?php esc_html_e( 'Tokens', 'sautikit-call-button' ); ?></h2>
				<table class="form-table" role="presentation">
					<?php
					self::choice_row(
						'mint',
						__( 'Who makes them', 'sautikit-call-button' ),
						$settings['mint'],
						array(
							'signer'   => __( 'This site, with a key of its own', 'sautikit-call-button' ),
							'sautikit' => __( 'The Sautikit API', 'sautikit-call-button' ),
						)
					);
					self::secret_row( 'signing_key', __( 'Signing key', 'sautikit-call-button' ), __( 'Where there is none, one is made with the first token.', 'sautikit-call-button' ) );
					self::secret_row( 'api_key', __( 'API key', 'sautikit-call-button' ), __( 'Of your Sautikit workspace. It goes to the API and nowhere else.', 'sautikit-call-button' ) );
					self::text_row( 'api_url', __( 'Address of the API', 'sautikit-call-button' ), $settings['api_url'], __( 'Such as https://api.example. Nothing is sent anywhere before you name it.', 'sautikit-call-button' ) );
					self::text_row( 'limit', __( 'Limit', 'sautikit-call-button' ), (string) $settings['limit'], __( 'How many calls one address may begin in ten minutes. Mobile networks put many phones behind one address.', 'sautikit-call-button' ) );
					self::text_row( 'origins', __( 'Other sites', 'sautikit-call-button' ), implode( ' ', $settings['origins'] ), __( 'Whose pages may call too, such as https://shop.example.', 'sautikit-call-button' ) );
					self::text_row( 'proxies', __( 'Your proxies', 'sautikit-call-button' ), implode( ' ', $settings['proxies'] ), __( 'Addresses of the proxies in front of this site, such as 10.0.0.0/8. Only what they say of who asks is believed. Without them all visitors behind a proxy share one limit.', 'sautikit-call-button' ) );
					?>
				</table>

				<?php self::print_look( $settings['look'], $settings['floating'] ); ?>
				<?php submit_button(); ?>
			</form>
		</div>
		<?php
	}

	/**
	 * Fields of a line.
	 *
	 * @param int    $index Its place.
	 * @param string $name  Its name; nothing for one that is new.
	 * @param array  $line  What is known of it.
	 */
	private static function print_line( int $index, string $name, array $line ): void {
		$days = array(
			'mon' => __( 'Monday', 'sautikit-call-button' ),
			'tue' => __( 'Tuesday', 'sautikit-call-button' ),
			'wed' => __( 'Wednesday', 'sautikit-call-button' ),
			'thu' => __( 'Thursday', 'sautikit-call-button' ),
			'fri' => __( 'Friday', 'sautikit-call-button' ),
			'sat' => __( 'Saturday', 'sautikit-call-button' ),
			'sun' => __( 'Sunday', 'sautikit-call-button' ),
		);
		$base = Settings::OPTION . "[lines][$index]";
		$id   = "sautikit-line-$index";

		$exceptions = '';
		foreach ( $line['hours']['exceptions'] ?? array() as $date => $spans ) {
			$exceptions .= trim( $date . ' ' . implode( ', ', $spans ) ) . "\n";
		}
		?>
		<fieldset class="sautikit-line">
			<legend><?php echo '' === $name ? esc_html__( 'One more line', 'sautikit-call-button' ) : esc_html( $name ); ?></legend>
			<p class="sautikit-fields">
				<label><?php esc_html_e( 'Name', 'sautikit-call-button' ); ?>
					<input type="text" name="<?php echo esc_attr( $base ); ?>[name]" value="<?php echo esc_attr( $name ); ?>" placeholder="sales" maxlength="64" <?php wp_readonly( '' !== $name ); ?>></label>
				<label><?php esc_html_e( 'Number', 'sautikit-call-button' ); ?>
					<input type="text" name="<?php echo esc_attr( $base ); ?>[number]" value="<?php echo esc_attr( $line['number'] ); ?>" placeholder="+254 …"></label>
				<label><?php esc_html_e( 'Caller id', 'sautikit-call-button' ); ?>
					<input type="text" name="<?php echo esc_attr( $base ); ?>[caller_id]" value="<?php echo esc_attr( $line['caller_id'] ); ?>" placeholder="<?php esc_attr_e( 'anonymous', 'sautikit-call-button' ); ?>"></label>
				<label><?php esc_html_e( 'Longest call, in minutes', 'sautikit-call-button' ); ?>
					<input type="number" min="0" max="<?php echo esc_attr( (string) Form::LONGEST_CALL ); ?>" name="<?php echo esc_attr( $base ); ?>[max_minutes]" value="<?php echo esc_attr( (string) $line['max_minutes'] ); ?>"></label>
			</p>
			<p><label><input type="checkbox" name="<?php echo esc_attr( $base ); ?>[scheduled]" value="1" <?php checked( null !== $line['hours'] ); ?>>
				<?php
				/* translators: %s: time zone of the site. */
				echo esc_html( sprintf( __( 'Open at these hours only (time zone of the site: %s)', 'sautikit-call-button' ), wp_timezone_string() ) );
				?>
			</label></p>
			<details>
				<summary><?php esc_html_e( 'Hours', 'sautikit-call-button' ); ?></summary>
				<p class="sautikit-fields">
				<?php foreach ( $days as $day => $label ) : ?>
					<label><?php echo esc_html( $label ); ?>
						<input type="text" name="<?php echo esc_attr( "{$base}[hours][$day]" ); ?>" value="<?php echo esc_attr( implode( ', ', $line['hours'][ $day ] ?? array() ) ); ?>" placeholder="08:00-12:30, 13:30-17:00"></label>
				<?php endforeach; ?>
				</p>
				<p><label for="<?php echo esc_attr( $id ); ?>-exceptions"><?php esc_html_e( 'Days that differ, one a line, such as 2026-12-26 10:00-12:00; a date alone is closed', 'sautikit-call-button' ); ?></label><br>
					<textarea id="<?php echo esc_attr( $id ); ?>-exceptions" name="<?php echo esc_attr( $base ); ?>[exceptions]" rows="3" cols="40"><?php echo esc_textarea( $exceptions ); ?></textarea></p>
			</details>
			<?php if ( '' !== $name ) : ?>
				<p><label><input type="checkbox" name="<?php echo esc_attr( $base ); ?>[remove]" value="1"> <?php esc_html_e( 'Remove this line', 'sautikit-call-button' ); ?></label>
				&nbsp; <code>[<?php echo esc_html( Button::SHORTCODE ); ?> line="<?php echo esc_html( $name ); ?>"]</code></p>
			<?php endif; ?>
		</fieldset>
		<?php
	}

	/**
	 * How the button looks, and whether one floats.
	 *
	 * @param array $look     The setting.
	 * @param array $floating The setting.
	 */
	private static function print_look( array $look, array $floating ): void {
		$base   = Settings::OPTION . '[look]';
		$floats = Settings::OPTION . '[floating]';
		?>
		<h2><?php esc_html_e( 'Appearance', 'sautikit-call-button' ); ?></h2>
		<div class="sautikit-look" data-sautikit-look>
			<p class="sautikit-fields">
				<label><?php esc_html_e( 'Label', 'sautikit-call-button' ); ?>
					<input type="text" name="<?php echo esc_attr( $base ); ?>[label]" data-sautikit="label" value="<?php echo esc_attr( $look['label'] ); ?>" placeholder="<?php esc_attr_e( 'Call', 'sautikit-call-button' ); ?>"></label>
				<label><?php esc_html_e( 'Style', 'sautikit-call-button' ); ?>
					<?php
					self::print_select(
						$base . '[variant]',
						$look['variant'],
						array(
							'filled'  => __( 'Filled', 'sautikit-call-button' ),
							'outline' => __( 'Outline', 'sautikit-call-button' ),
							'plain'   => __( 'Plain', 'sautikit-call-button' ),
						),
						'variant'
					);
					?>
				</label>
				<label><?php esc_html_e( 'Size', 'sautikit-call-button' ); ?>
					<?php
					self::print_select(
						$base . '[size]',
						$look['size'],
						array(
							'small'  => __( 'Small', 'sautikit-call-button' ),
							'medium' => __( 'Medium', 'sautikit-call-button' ),
							'large'  => __( 'Large', 'sautikit-call-button' ),
						),
						'size'
					);
					?>
				</label>
				<label><input type="checkbox" name="<?php echo esc_attr( $base ); ?>[own_colours]" data-sautikit="own-colours" value="1" <?php checked( '' !== $look['accent'] ); ?>>
					<?php esc_html_e( 'Colours of your own', 'sautikit-call-button' ); ?></label>
				<label><?php esc_html_e( 'Colour', 'sautikit-call-button' ); ?>
					<input type="color" name="<?php echo esc_attr( $base ); ?>[accent]" data-sautikit="--sautikit-accent" value="<?php echo esc_attr( '' === $look['accent'] ? '#0b6b53' : $look['accent'] ); ?>"></label>
				<label><?php esc_html_e( 'Colour of the text', 'sautikit-call-button' ); ?>
					<input type="color" name="<?php echo esc_attr( $base ); ?>[on_accent]" data-sautikit="--sautikit-on-accent" value="<?php echo esc_attr( '' === $look['on_accent'] ? '#ffffff' : $look['on_accent'] ); ?>"></label>
			</p>
			<p><?php esc_html_e( 'Preview', 'sautikit-call-button' ); ?></p>
			<div class="sautikit-preview" inert>
				<sautikit-call-button token-url="about:blank" preload="none" label="<?php echo esc_attr( '' === $look['label'] ? __( 'Call', 'sautikit-call-button' ) : $look['label'] ); ?>" variant="<?php echo esc_attr( $look['variant'] ); ?>" size="<?php echo esc_attr( $look['size'] ); ?>"></sautikit-call-button>
			</div>
			<p><label><input type="checkbox" name="<?php echo esc_attr( $floats ); ?>[on]" value="1" <?php checked( $floating['on'] ); ?>>
				<?php esc_html_e( 'A button floats on every page', 'sautikit-call-button' ); ?></label></p>
			<p class="sautikit-fields">
				<label><?php esc_html_e( 'Its line', 'sautikit-call-button' ); ?>
					<?php
					$names = Lines::names();
					self::print_select( $floats . '[line]', $floating['line'], array( '' => __( 'The only line', 'sautikit-call-button' ) ) + ( $names ? array_combine( $names, $names ) : array() ) );
					?>
				</label>
				<label><?php esc_html_e( 'Its corner', 'sautikit-call-button' ); ?>
					<?php
					self::print_select(
						$floats . '[placement]',
						$floating['placement'],
						array(
							'bottom-end'   => __( 'Bottom, where lines end', 'sautikit-call-button' ),
							'bottom-start' => __( 'Bottom, where lines begin', 'sautikit-call-button' ),
							'top-end'      => __( 'Top, where lines end', 'sautikit-call-button' ),
							'top-start'    => __( 'Top, where lines begin', 'sautikit-call-button' ),
						)
					);
					?>
				</label>
			</p>
		</div>
		<?php
	}

	/**
	 * A row with a text.
	 *
	 * @param string $name  The setting.
	 * @param string $label What it is called.
	 * @param string $value What it is.
	 * @param string $help  What belongs there.
	 */
	private static function text_row( string $name, string $label, string $value, string $help ): void {
		$id = 'sautikit-' . $name;
		?>
		<tr>
			<th scope="row"><label for="<?php echo esc_attr( $id ); ?>"><?php echo esc_html( $label ); ?></label></th>
			<td><input type="text" class="regular-text" id="<?php echo esc_attr( $id ); ?>" name="<?php echo esc_attr( Settings::OPTION . "[$name]" ); ?>" value="<?php echo esc_attr( $value ); ?>" aria-describedby="<?php echo esc_attr( $id ); ?>-help">
				<p class="description" id="<?php echo esc_attr( $id ); ?>-help"><?php echo esc_html( $help ); ?></p></td>
		</tr>
		<?php
	}

	/**
	 * A row with a key, which is written and never shown.
	 *
	 * @param string $name  A key of `Secrets::CONSTANTS`.
	 * @param string $label What it is called.
	 * @param string $help  What it is for.
	 */
	private static function secret_row( string $name, string $label, string $help ): void {
		$id   = 'sautikit-' . $name;
		$base = Settings::OPTION . "[secrets][$name]";
		?>
		<tr>
			<th scope="row"><label for="<?php echo esc_attr( $id ); ?>"><?php echo esc_html( $label ); ?></label></th>
			<td>
				<?php if ( Secrets::is_constant( $name ) ) : ?>
					<p id="<?php echo esc_attr( $id ); ?>">
					<?php
					/* translators: %s: name of a constant. */
					echo esc_html( sprintf( __( 'From %s in wp-config.php.', 'sautikit-call-button' ), Secrets::CONSTANTS[ $name ] ) );
					?>
					</p>
				<?php else : ?>
					<input type="password" class="regular-text" id="<?php echo esc_attr( $id ); ?>" name="<?php echo esc_attr( $base ); ?>[new]" value="" autocomplete="new-password" spellcheck="false" placeholder="<?php echo '' === Secrets::get( $name ) ? '' : esc_attr__( 'Stored. Leave it empty to keep it.', 'sautikit-call-button' ); ?>" aria-describedby="<?php echo esc_attr( $id ); ?>-help">
					<?php if ( '' !== Secrets::get( $name ) ) : ?>
						<label><input type="checkbox" name="<?php echo esc_attr( $base ); ?>[forget]" value="1"> <?php esc_html_e( 'Forget it', 'sautikit-call-button' ); ?></label>
					<?php endif; ?>
				<?php endif; ?>
				<p class="description" id="<?php echo esc_attr( $id ); ?>-help"><?php echo esc_html( $help ); ?></p>
			</td>
		</tr>
		<?php
	}

	/**
	 * A row with a choice.
	 *
	 * @param string   $name    The setting.
	 * @param string   $label   What it is called.
	 * @param string   $value   What it is.
	 * @param string[] $choices By value: what it is called.
	 */
	private static function choice_row( string $name, string $label, string $value, array $choices ): void {
		?>
		<tr>
			<th scope="row"><?php echo esc_html( $label ); ?></th>
			<td><fieldset><legend class="screen-reader-text"><?php echo esc_html( $label ); ?></legend>
				<?php foreach ( $choices as $choice => $words ) : ?>
					<label><input type="radio" name="<?php echo esc_attr( Settings::OPTION . "[$name]" ); ?>" value="<?php echo esc_attr( $choice ); ?>" <?php checked( $value, $choice ); ?>> <?php echo esc_html( $words ); ?></label><br>
				<?php endforeach; ?>
			</fieldset></td>
		</tr>
		<?php
	}

	/**
	 * A list to choose from.
	 *
	 * @param string   $name    Of the field.
	 * @param string   $value   What is chosen.
	 * @param string[] $choices By value: what it is called.
	 * @param string   $mirror  The attribute of the preview that it sets.
	 */
	private static function print_select( string $name, string $value, array $choices, string $mirror = '' ): void {
		printf( '<select name="%s" data-sautikit="%s">', esc_attr( $name ), esc_attr( $mirror ) );
		foreach ( $choices as $choice => $words ) {
			printf( '<option value="%s" %s>%s</option>', esc_attr( (string) $choice ), selected( $value, (string) $choice, false ), esc_html( $words ) );
		}
		echo '</select>';
	}

	/** What a privacy policy may say. */
	private static function privacy(): string {
		return __( 'When you press the call button, your browser asks for the microphone and sends sound to our telephone gateway, as a telephone call does. This site makes a credential for that call, which ends after a few minutes, and counts how many your address asks for; the address itself is not kept. No cookie is set.', 'sautikit-call-button' );
	}
}
