import type { CallResult } from '../client/call.js';
import type { OutgoingCall } from '../client/outgoing-call.js';
import type { Log } from '../log.js';
import type { CallQuality } from '../media/quality.js';
import { browserFamily } from './ways-out/browser-family.js';
import { surroundings } from './ways-out/surroundings.js';

/** The version of this script, put in by the build. */
declare const __VERSION__: string | undefined;

/** A name that is longer than this (characters) is none. */
const LONGEST_NAME = 128;

/**
 * Reports one call to the `report-url` of its element, as it ends: a beacon, which goes out also where the page goes away.
 * What is in it stands field by field in `#body`: no token, address, number or name, and of the page its origin alone.
 */
export class CallReport {
  readonly #element: Element;
  readonly #log: Log;
  readonly #call: OutgoingCall;
  readonly #line: string | null;
  #quality: CallQuality | undefined;
  #lowestMos: number | undefined;
  #recoveries = 0;
  #left = false;

  /** Watches a call from its beginning. */
  constructor(element: Element, call: OutgoingCall, line: string | null, log: Log) {
    this.#element = element;
    this.#call = call;
    this.#line = line;
    this.#log = log;
    call.on('quality', (quality) => {
      this.#quality = quality;
      this.#lowestMos = Math.min(quality.mos, this.#lowestMos ?? quality.mos);
    });
    call.on('reconnecting', (reconnecting) => (this.#recoveries += reconnecting ? 1 : 0));
  }

  /** The page goes away, and takes the call along. */
  leave(): void {
    this.#left = true;
  }

  /** The call is over; called once. */
  send(result: CallResult): void {
    const wanted = this.#element.getAttribute('report-url');
    if (!wanted) return;
    try {
      const url = new URL(wanted, document.baseURI);
      const allowed = url.protocol === 'https:' || (url.protocol === 'http:' && url.origin === origin);
      // As text, which needs no preflight: there is no time for one where the page goes away.
      if (allowed && navigator.sendBeacon(url, JSON.stringify(this.#body(result)))) return;
    } catch {
      // No address.
    }
    this.#log('the report was not sent: report-url is neither of this origin nor https, or the browser refused');
  }

  #body({ outcome, code, responsible, tried, durationSeconds, timings }: CallResult) {
    const { level, mos } = this.#quality ?? {};
    // What is undefined here is not in the JSON.
    return {
      schema: 1,
      call_id: this.#call.id,
      button: typeof __VERSION__ === 'string' ? __VERSION__ : 'unbuilt',
      browser: browserFamily(surroundings()) ?? 'other',
      // Of a window of its own, which has no address, that of the page it came from.
      origin,
      line: this.#line?.slice(0, LONGEST_NAME),
      outcome,
      code,
      responsible,
      tried,
      left: this.#left,
      duration_seconds: durationSeconds,
      timings,
      recoveries: this.#recoveries,
      quality: level && { level, mos, lowest_mos: this.#lowestMos },
    };
  }
}
