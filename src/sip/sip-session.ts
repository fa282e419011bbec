import { SautikitError } from '../errors.js';
import type { EndEvent, IncomingResponse, JsSipSession } from './jssip.js';
import { mendSession, nameCall, type SessionMedia } from './session-mends.js';
import { inviteError } from './sip-causes.js';

/** How a session ended. */
export interface SessionEnding {
  by: 'local' | 'remote';
  /** Absent where a call simply ended, or was hung up on before it was answered. */
  error?: SautikitError;
}

/** What a session tells; each at most once but `onHold`. `onEnded` always comes, and comes last. */
export interface SessionHandlers {
  /** The INVITE has left. */
  onSent?(): void;
  /** The gateway has the INVITE: 100 or any other provisional answer. */
  onTrying?(): void;
  /** 180 or 183. */
  onRinging?(): void;
  onAnswered?(): void;
  onHold?(held: boolean): void;
  onEnded(ending: SessionEnding): void;
}

export type ReinviteResult = 'done' | 'refused' | 'gone';

/** How a tone is sent: RFC 4733 section 2.5.2.2 wants at least 40 ms; PBX menus hear 100 ms well. */
const TONE = { duration: 100, interToneGap: 70 } as const;

/** One SIP dialog with its media, around one JsSIP session. */
export class SipSession {
  readonly #session: JsSipSession;
  readonly #handlers: SessionHandlers;
  #media: SessionMedia | undefined;
  #callId: string | undefined;
  #tried = false;
  #rang = false;
  #failure: SautikitError | undefined;
  #over = false;
  #settleReinvite: ((result: ReinviteResult) => void) | undefined;

  constructor(session: JsSipSession, handlers: SessionHandlers) {
    this.#session = session;
    this.#handlers = handlers;
    // JsSIP tells of the INVITE, and of the answer, before the INVITE and the ACK are on the wire; neither shall wait for
    // whatever a listener does.
    const afterwards = (tell: () => void) => queueMicrotask(() => !this.#over && tell());
    session.on('sending', ({ request }) => {
      this.#callId = request.call_id;
      afterwards(() => handlers.onSent?.());
    });
    session.on('progress', ({ response }) => response && this.#ring());
    session.on('accepted', () => afterwards(() => handlers.onAnswered?.()));
    session.on('hold', ({ originator }) => originator === 'remote' && handlers.onHold?.(true));
    session.on('unhold', ({ originator }) => originator === 'remote' && handlers.onHold?.(false));
    session.on('failed', (event) => this.#end(event));
    session.on('ended', (event) => this.#end(event));
  }

  /** The user part of who calls, as the gateway let it through. */
  get remoteUser(): string {
    return this.#session.remote_identity.display_name || this.#session.remote_identity.uri.user || '';
  }

  /** The Call-ID of an INVITE that has left. */
  get callId(): string | undefined {
    return this.#callId;
  }

  get answered(): boolean {
    return this.#session.isEstablished();
  }

  /** Sends the INVITE, under this Call-ID. The socket must be open, and the microphone granted. */
  invite(callId: string, target: string, stream: MediaStream, media: SessionMedia, extraHeaders: string[]): void {
    nameCall(this.#session, callId);
    this.#mend(media);
    this.#session.connect(target, { mediaStream: stream, extraHeaders });
  }

  /** Answers an incoming call. */
  answer(stream: MediaStream, media: SessionMedia): void {
    this.#mend(media);
    this.#session.answer({ mediaStream: stream });
  }

  /** Ends the session in the way its state asks for: CANCEL, BYE, or a refusal with `status` (default 480). */
  terminate(status?: number): void {
    if (this.#over || this.#session.isEnded()) return;
    try {
      this.#session.terminate(status ? { status_code: status } : {});
    } catch {
      // A session that JsSIP never started has nothing to say on the wire.
      this.#finish({ by: 'local' });
    }
  }

  /** Sends digits: in the media where the far end takes them (RFC 4733), otherwise as SIP INFO. */
  sendDTMF(tones: string): void {
    const connection = this.#media?.connection;
    const sender = connection?.getSenders().find(({ dtmf }) => dtmf)?.dtmf;
    const offered = /telephone-event/i.test(connection?.remoteDescription?.sdp ?? '');
    if (sender?.canInsertDTMF && offered) {
      sender.insertDTMF(sender.toneBuffer + tones, TONE.duration, TONE.interToneGap);
    } else {
      this.#session.sendDTMF(tones, { transportType: 'INFO', ...TONE });
    }
  }

  /**
   * Sends a re-INVITE, so that the far end's target is this connection, with fresh ICE where media is gone.
   * @param media takes the place of what it was, unless it is refused
   * @returns `refused` where it can be tried again, `gone` where the gateway knows no such call; never rejects
   */
  async reinvite(iceRestart: boolean, media?: SessionMedia): Promise<ReinviteResult> {
    if (this.#over) return 'gone';
    if (!this.#session.isReadyToReOffer()) return 'refused';
    if (!media) return this.#reinvite({ iceRestart });
    const before = this.#media;
    this.#use(media);
    const result = await this.#reinvite({});
    if (result !== 'done' && before) this.#use(before);
    return result;
  }

  #reinvite(rtcOfferConstraints: RTCOfferOptions): Promise<ReinviteResult> {
    const settled = new Promise<ReinviteResult>((resolve) => (this.#settleReinvite = resolve));
    this.#session._sendReinvite({
      rtcOfferConstraints,
      eventHandlers: {
        succeeded: () => this.#settleReinvite?.('done'),
        failed: () => this.#settleReinvite?.('refused'),
      },
    });
    return settled;
  }

  #mend(media: SessionMedia): void {
    this.#media = media;
    mendSession(this.#session, () => this.#media!, {
      onProvisional: ({ status_code, to_tag }) => {
        if (!this.#tried) this.#handlers.onTrying?.();
        this.#tried = true;
        if (status_code > 100 && !to_tag) this.#ring();
      },
      onFailure: (code) => (this.#failure = new SautikitError(code, { tried: { step: 'call' } })),
      onInDialogFailure: (gone) => {
        this.#settleReinvite?.(gone ? 'gone' : 'refused');
      },
    });
  }

  #use(media: SessionMedia): void {
    this.#media = media;
    this.#session._connection = media.connection;
  }

  /** However often the far end says that it rings. */
  #ring(): void {
    if (!this.#rang) this.#handlers.onRinging?.();
    this.#rang = true;
  }

  #end({ originator, message, cause }: EndEvent): void {
    const by = originator === 'remote' ? 'remote' : 'local';
    const explained = explain(originator, message, cause);
    this.#finish({ by, ...(this.#failure ? { error: this.#failure } : explained) });
  }

  #finish(ending: SessionEnding): void {
    if (this.#over) return;
    this.#over = true;
    this.#settleReinvite?.('gone');
    this.#handlers.onEnded(ending);
  }
}

/** JsSIP's words for what was not a final response; its constants `causes`. */
const LOCAL_CAUSES: Readonly<Record<string, SautikitError['code']>> = {
  'Connection Error': 'connection-lost',
  'Request Timeout': 'gateway-unreachable',
  'SIP Failure Code': 'server-error',
  'Internal Error': 'media-failed',
  'WebRTC Error': 'media-failed',
  'Bad Media Description': 'media-failed',
  'Missing SDP': 'media-failed',
  'Dialog Error': 'connection-lost',
  'No Answer': 'no-answer',
};

function explain(
  originator: EndEvent['originator'],
  message: Partial<IncomingResponse> | null,
  cause: string,
): { error?: SautikitError } {
  const status = message?.status_code;
  if (originator === 'remote' && typeof status === 'number' && status >= 300) {
    const retryAfter = parseInt(message?.getHeader?.('retry-after') ?? '', 10);
    return { error: inviteError(status, retryAfter) };
  }
  const code = LOCAL_CAUSES[cause];
  return code ? { error: new SautikitError(code, { tried: { step: 'call' } }) } : {};
}
