import { Agent, request } from 'node:http';
import autocannon from 'autocannon';
import { env, ORIGIN } from './config.js';
import type { Program } from './program.js';

/** What a call asks of the server, in this order: the page for a token, the gateway for the rest. */
export const QUESTIONS = ['mint', 'connect', 'call', 'answered', 'ended'] as const;
export type Question = (typeof QUESTIONS)[number];

/** A request of the load: everything but where it goes. */
export interface Asked {
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** Calls that nobody has made before, each with its token as soon as there is one. */
export class Calls {
  readonly tokens: string[] = [];
  readonly #name: string;

  /** @param name In every Call-ID: of two sets of calls, another. */
  constructor(name: string) {
    this.#name = name;
  }

  /** What is asked about one of the calls, as our gateway and our element ask it. */
  question(question: Question, number: number): Asked {
    const json = { 'Content-Type': 'application/json' };
    if (question === 'mint') {
      const body = JSON.stringify({ line: 'sales', context: { campaign: 'spring' } });
      return { path: '/api/sip-token', headers: { ...json, Origin: ORIGIN }, body };
    }
    const call_id = `${this.#name}-${number}`;
    const asks = question === 'connect' || question === 'call';
    const body = {
      event_id: `${question}-${call_id}`,
      gateway: 'gateway-1',
      conn_id: String(number),
      remote_ip: '192.0.2.7',
      ...(asks && { origin: ORIGIN, request_uri: 'sip:gateway.example', token: this.tokens[number] ?? 'none' }),
      call_id,
      from_tag: 'abcdef0123',
      ...(question === 'call' && { from_uri: 'sip:visitor@gateway.example' }),
      ...(!asks && { reason: '', duration: question === 'ended' ? 61 : 0 }),
    };
    const headers = { ...json, Authorization: `Bearer ${env.HOOK_SECRET}` };
    return { path: `/hook/${question}`, headers, body: JSON.stringify(body) };
  }

  /** Keeps the token of an answer to `mint`. */
  keep(number: number, answer: string): void {
    this.tokens[number] = (JSON.parse(answer) as { token: string }).token;
  }
}

export interface Load {
  /** From the first question to the last answer. */
  seconds: number;
  /** 99 of 100 were answered within this time, in milliseconds. */
  p99: number;
  refused: number;
}

/** One question about each of so many calls, over 32 connections. */
export async function load(program: Program, calls: Calls, question: Question, count: number): Promise<Load> {
  let next = 0;
  let last = 0;
  const began = performance.now();
  const { latency, non2xx, errors } = await autocannon({
    url: new URL('/', program.url).href,
    connections: 32,
    amount: count,
    requests: [
      {
        method: 'POST',
        setupRequest: (request) => ({ ...request, ...calls.question(question, next++) }),
        onResponse(status, body) {
          // autocannon itself looks at the clock once a second.
          last = performance.now();
          // Of a bare server, too, which mints something.
          if (question === 'mint' && status === 200) calls.keep(calls.tokens.length, body);
        },
      },
    ],
  });
  return { seconds: (last - began) / 1000, p99: latency.p99, refused: non2xx + errors };
}

/** Asks one after the other over one connection; returns how long each answer took, in milliseconds. */
export async function alone(program: Program, calls: Calls, question: Question, count: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times: number[] = [];
  for (let number = 0; number < count; number += 1) {
    const { path, headers, body } = calls.question(question, number);
    const began = performance.now();
    const answer = await new Promise<string>((resolve, reject) => {
      const length = { 'Content-Length': Buffer.byteLength(body) };
      const asking = request(
        new URL(path, program.url),
        { agent, method: 'POST', headers: { ...headers, ...length } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => resolve(Buffer.concat(chunks).toString()));
        },
      );
      asking.on('error', reject).end(body);
    });
    times.push(performance.now() - began);
    if (question === 'mint') calls.keep(number, answer);
  }
  agent.destroy();
  return times;
}
