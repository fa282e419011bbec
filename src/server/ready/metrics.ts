import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CallEvent } from '../call-event.js';
import type { WebhookResult } from '../webhook.js';
import { ActiveCalls } from './active-calls.js';

/** The answer for Prometheus. */
export interface Exposition {
  contentType: string;
  text: string;
}

/**
 * What the server counts. Labels take their values from the configuration and from our own codes only, so that nobody
 * outside can make new series, and none of them is secret. Where there is no line, its label is empty.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #active = new ActiveCalls();
  readonly #lines: ReadonlySet<string>;

  readonly #grants = new Counter({
    name: 'sautikit_grants_total',
    help: 'Answers of the token endpoint, by line and outcome: minted, renewed, closed, or the code of a refusal',
    labelNames: ['line', 'outcome'],
    registers: [this.#registry],
  });
  readonly #started = this.#byLine('sautikit_calls_started_total', 'Calls that were let through');
  readonly #ended = this.#byLine('sautikit_calls_ended_total', 'Calls that ended');
  readonly #seconds = this.#byLine('sautikit_call_seconds_total', 'How long calls were answered, in seconds');
  readonly #refused = new Counter({
    name: 'sautikit_calls_refused_total',
    help: 'Calls that were refused, by code',
    labelNames: ['code'],
    registers: [this.#registry],
  });
  readonly #requests = new Histogram({
    name: 'sautikit_request_duration_seconds',
    help: 'Time from the head of a request to its answer, by route and status',
    labelNames: ['route', 'status'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2, 5],
    registers: [this.#registry],
  });
  readonly #webhooks = new Counter({
    name: 'sautikit_webhooks_total',
    help: 'What became of webhooks: delivered, failed or dropped',
    labelNames: ['result'],
    registers: [this.#registry],
  });

  /** @param lines Names of the lines of the configuration. */
  constructor(lines: Iterable<string>) {
    this.#lines = new Set(lines);
    const active = this.#active;
    new Gauge({
      name: 'sautikit_calls_active',
      help: 'Calls that this server let through and that have not ended',
      labelNames: ['line'],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [line, count] of active.count()) this.set({ line }, count);
      },
    });
    collectDefaultMetrics({ register: this.#registry });
  }

  grant(line: string | undefined, outcome: string): void {
    this.#grants.inc({ line: this.#known(line), outcome });
  }

  callRefused(code: string): void {
    this.#refused.inc({ code });
  }

  call(event: CallEvent): void {
    const line = this.#known(event.line);
    this.#active.note({ ...event, line });
    if (event.type === 'started') this.#started.inc({ line });
    if (event.type !== 'ended') return;
    this.#ended.inc({ line });
    this.#seconds.inc({ line }, Math.max(0, event.duration ?? 0));
  }

  webhook(result: WebhookResult): void {
    this.#webhooks.inc({ result });
  }

  request(route: string, status: number, seconds: number): void {
    this.#requests.observe({ route, status }, seconds);
  }

  async expose(): Promise<Exposition> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  #known(line: string | undefined): string {
    return line !== undefined && this.#lines.has(line) ? line : '';
  }

  #byLine(name: string, help: string): Counter<'line'> {
    return new Counter({ name, help, labelNames: ['line'], registers: [this.#registry] });
  }
}
