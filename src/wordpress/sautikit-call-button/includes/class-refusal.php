<?php
/**
 * What the visitor's page is told where it gets no grant.
 *
 * @package Sautikit\CallButton
 */

namespace Sautikit\CallButton;

defined( 'ABSPATH' ) || exit;

/** A refusal, thrown where it is decided and turned into an answer at the door. It says a code and no detail. */
final class Refusal extends \Exception {
	/**
	 * HTTP status.
	 *
	 * @var int
	 */
	public $status;

	/**
	 * The whole answer: `error`, and perhaps `retry_after` (seconds) or a challenge.
	 *
	 * @var array
	 */
	public $body;

	/**
	 * Makes a refusal.
	 *
	 * @param int    $status HTTP status.
	 * @param string $error  Code that the page understands.
	 * @param array  $more   What else the answer says.
	 */
	public function __construct( int $status, string $error, array $more = array() ) {
		parent::__construct( $error );
		$this->status = $status;
		$this->body   = array( 'error' => $error ) + $more;
	}

	/** The answer of the REST API. */
	public function response(): \WP_REST_Response {
		$response = new \WP_REST_Response( $this->body, $this->status );
		if ( isset( $this->body['retry_after'] ) ) {
			$response->header( 'Retry-After', (string) $this->body['retry_after'] );
		}
		return $response;
	}
}
