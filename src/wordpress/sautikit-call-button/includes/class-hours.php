<?php
/**
 * Opening hours.
 *
 * @package Sautikit\CallButton
 */

namespace Sautikit\CallButton;

defined( 'ABSPATH' ) || exit;

/**
 * When somebody answers, by the clock of the site. Hours are `array( 'mon' => array( '08:00-12:30' ), …, 'exceptions' =>
 * array( '2026-12-25' => array() ) )`, or null for always. A span belongs to the day that it begins on, and one that ends
 * earlier than it begins crosses midnight.
 */
final class Hours {
	/** The days of the week, in the order of ISO 8601. */
	const DAYS = array( 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun' );

	const SPAN = '/^((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d|24:00)$/';

	/**
	 * Whether somebody answers at a moment.
	 *
	 * @param array|null $hours Opening hours.
	 * @param int        $now   Seconds since 1970.
	 */
	public static function is_open( ?array $hours, int $now ): bool {
		if ( null === $hours ) {
			return true;
		}
		$today = self::date( $now );
		// Yesterday's night shift may last until today.
		foreach ( array( $today->modify( '-1 day' ), $today ) as $date ) {
			foreach ( self::spans( $hours, $date ) as list( $start, $end ) ) {
				if ( $start <= $now && $now < $end ) {
					return true;
				}
			}
		}
		return false;
	}

	/**
	 * The first moment after another at which it opens, in seconds since 1970; null where it never does.
	 *
	 * @param array $hours Opening hours.
	 * @param int   $after Seconds since 1970.
	 */
	public static function opens_at( array $hours, int $after ): ?int {
		$date = self::date( $after );
		// Each exception can close one more week that is open on a single day; an exception may also be far away.
		$last  = max( array_merge( array( '' ), array_keys( $hours['exceptions'] ?? array() ) ) );
		$until = $date->modify( '+' . ( 7 * ( 1 + count( $hours['exceptions'] ?? array() ) ) ) . ' days' )->format( 'Y-m-d' );
		$until = min( max( $until, $last ), $date->modify( '+2 years' )->format( 'Y-m-d' ) );
		while ( $date->format( 'Y-m-d' ) <= $until ) {
			$starts = array();
			foreach ( self::spans( $hours, $date ) as list( $start ) ) {
				if ( $start > $after ) {
					$starts[] = $start;
				}
			}
			if ( $starts ) {
				return min( $starts );
			}
			$date = $date->modify( '+1 day' );
		}
		return null;
	}

	/**
	 * Reads what an owner wrote for a day, such as `08:00-12:30, 13:30-17:00`; null where it makes no sense.
	 *
	 * @param string $text Spans of time, separated by commas; nothing is a closed day.
	 * @return string[]|null
	 */
	public static function parse_day( string $text ): ?array {
		$spans = array_values( array_filter( array_map( 'trim', explode( ',', $text ) ), 'strlen' ) );
		foreach ( $spans as $index => $span ) {
			$span = preg_replace( array( '/\s*[-–]\s*/u', '/(?<!\d)(\d):/' ), array( '-', '0$1:' ), $span );
			if ( ! preg_match( self::SPAN, $span, $times ) || $times[1] === $times[2] ) {
				return null;
			}
			$spans[ $index ] = $span;
		}
		return $spans;
	}

	/**
	 * The spans that begin on a day, as pairs of seconds since 1970.
	 *
	 * @param array              $hours Opening hours.
	 * @param \DateTimeImmutable $date  Midnight of the day.
	 */
	private static function spans( array $hours, \DateTimeImmutable $date ): array {
		$day   = self::DAYS[ (int) $date->format( 'N' ) - 1 ];
		$texts = $hours['exceptions'][ $date->format( 'Y-m-d' ) ] ?? $hours[ $day ] ?? array();
		$spans = array();
		foreach ( $texts as $text ) {
			list( $from, $to ) = explode( '-', $text );
			// As texts of one length, times compare like numbers.
			$end_date = ( '24:00' === $to || $to < $from ) ? $date->modify( '+1 day' ) : $date;
			$start    = self::moment( $date, $from );
			$end      = self::moment( $end_date, '24:00' === $to ? '00:00' : $to );
			// Where clocks change, a short span can come to nothing.
			if ( $start < $end ) {
				$spans[] = array( $start, $end );
			}
		}
		return $spans;
	}

	/**
	 * A time of a day, in seconds since 1970. A time that does not exist is as much later as the clock jumps, and of one that
	 * comes twice the first counts.
	 *
	 * @param \DateTimeImmutable $date The day.
	 * @param string             $time Such as `08:00`.
	 */
	private static function moment( \DateTimeImmutable $date, string $time ): int {
		$moment = new \DateTimeImmutable( $date->format( 'Y-m-d' ) . ' ' . $time, wp_timezone() );
		// Of a time that comes twice, as clocks are set back by an hour or half of one, PHP takes the second.
		foreach ( array( 3600, 1800 ) as $back ) {
			$first = $moment->setTimestamp( $moment->getTimestamp() - $back );
			if ( $first->format( 'H:i' ) === $moment->format( 'H:i' ) ) {
				return $first->getTimestamp();
			}
		}
		return $moment->getTimestamp();
	}

	/**
	 * The day of a moment, as its midnight.
	 *
	 * @param int $now Seconds since 1970.
	 */
	private static function date( int $now ): \DateTimeImmutable {
		return ( new \DateTimeImmutable( '@' . $now ) )->setTimezone( wp_timezone() )->setTime( 0, 0 );
	}
}
