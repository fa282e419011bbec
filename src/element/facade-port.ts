import type { html, nothing, TemplateResult } from 'lit';
import type { CallState } from '../call/call-machine.js';
import type { ConnectionState } from '../call/connection-machine.js';
import type { CallResult } from '../client/call.js';
import type { ErrorCode } from '../errors.js';
import type { Messages } from '../i18n/messages.js';
import type { SpeakerParts } from '../media/speaker.js';
import type { SolveChallenge } from '../token/token-challenge.js';
import type { TokenProvider } from '../token/token-source.js';
import type { EventDetail, EventName } from './events.js';

/** The element, as far as its lazy part knows it. */
export interface ButtonElement extends HTMLElement {
  readonly tokenUrl: string | null;
  readonly tokenProvider: TokenProvider | undefined;
  readonly solveChallenge: SolveChallenge | undefined;
  readonly statusUrl: string | null;
  readonly messages: Partial<Messages> | undefined;
  readonly line: string | null;
  readonly updateComplete: Promise<boolean>;
  call(): Promise<CallResult>;
  toggleMute(): void;
}

/** What is said beside the button: closed and busy also keep it from calling. */
export type NoteKind = 'closed' | 'busy' | 'other';

/**
 * What the facade lends to the lazy part. Lit comes along, so that the lazy file stands alone: it never imports the entry
 * file back, under whatever address a page has loaded that one.
 */
export interface FacadePort {
  readonly element: ButtonElement;
  /** Of every button in the page, this one's too. */
  readonly all: Iterable<FacadePort>;
  readonly lit: { html: typeof html; nothing: typeof nothing };
  setState(state: CallState): void;
  emit<Name extends EventName>(name: Name, detail: EventDetail<Name>): void;
  /** Says a sentence to screen readers: in passing, or at once. */
  announce(text: string, urgent?: boolean): void;
  /** Draws the panel in the facade's shadow root; `undefined` draws nothing. */
  show(panel: TemplateResult | undefined): void;
  /** Says something beside the button; nothing where there is no content. */
  note(kind: NoteKind, content?: unknown): void;
}

/** What is at work before a call, where there is something to say. */
export interface BeforeCall {
  dispose(): void;
}

/** What the lazy part does for the facade. */
export interface Engine {
  readonly connectionState: ConnectionState;
  readonly callId: string | null;
  muted: boolean;
  /** The visitor shows intent. */
  warm(): void;
  /** The visitor presses. */
  prefetch(): void;
  /** @param began the click, on the clock of `performance.now()` */
  call(speaker: SpeakerParts | undefined, began: number, cancelled: () => boolean): Promise<CallResult>;
  /** A call that could not begin: shown, and told by `sautikit-error`. */
  refuse(code: ErrorCode): void;
  hangup(): Promise<void>;
  sendDTMF(tones: string): boolean;
  open(): void;
  close(): void;
  /** The element left the document for good. */
  dispose(): void;
}

export type CreateEngine = (port: FacadePort) => Engine;
