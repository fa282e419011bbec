import type { ErrorCode } from '../errors.js';
import type { IncomingRequest, IncomingResponse, JsSipSession } from './jssip.js';

/** The media side of a session, as JsSIP needs it: who owns the connection owns its end. */
export interface SessionMedia {
  readonly connection: RTCPeerConnection;
  describe(type: 'offer' | 'answer', options?: RTCOfferOptions): Promise<string>;
}

export interface MendedSession {
  /** A provisional answer to the INVITE: 100, or ringing that JsSIP does not tell of, since it has no To tag. */
  onProvisional(response: IncomingResponse): void;
  /** The connection, or all patience, is gone before the answer; JsSIP would call that cancelled. */
  onFailure(code: ErrorCode): void;
  /** Told where a request inside an answered call got no answer; JsSIP would end the call. */
  onInDialogFailure(gone: boolean): void;
}

/**
 * Gives the INVITE of a session a Call-ID of ours, so that page, gateway and backend know the call by one name. JsSIP takes
 * none, and knows its sessions by Call-ID and From tag together from here on.
 */
export function nameCall(session: JsSipSession, callId: string): void {
  const { _newRTCSession: begin } = session;
  session._newRTCSession = (originator, request) => {
    request.call_id = callId;
    request.setHeader('call-id', callId);
    session._id = callId + session._from_tag;
    begin.call(session, originator, request);
  };
}

/**
 * Replaces, on one session, what JsSIP does and a call button cannot live with:
 * - its own peer connection, whose ICE `failed` ends the call at once, and which cannot gather under a permission prompt;
 * - a local description that waits for the end of gathering, or for ever where no candidate comes;
 * - an answered call that ends since one request inside it met a dead connection;
 * - 500 for an offer inside a call that cannot be answered, where 488 says that all stays as it was (RFC 3261 section 14.2);
 * - silence about 100 Trying, and about a 180 without To tag, as gateways of RFC 2543 send it;
 * - `track.enabled` switched on by re-negotiation behind the back of whoever muted it.
 *
 * And names one session in all descriptions, where another peer connection has taken the place of the first.
 *
 * And takes `a=ice-lite` out of an answer to an offer of ours: Chromium nominates a pair for a lite peer only with its
 * second check, some 50 ms after the first, while a full one has its sound after that. The roles stay, since the one who
 * offers controls either way (RFC 8445 section 6.1.1), and a lite peer takes a nomination whenever it comes.
 */
export function mendSession(session: JsSipSession, media: () => SessionMedia, handlers: MendedSession): void {
  session._createRTCConnection = () => {
    const { connection } = media();
    session._connection = connection;
    session.emit('peerconnection', { peerconnection: connection });
  };
  const sameOrigin = oneOrigin();
  let offering: IncomingRequest | undefined;
  for (const event of ['reinvite', 'update'] as const) session.on(event, ({ request }) => (offering = request));
  session._createLocalDescription = async (type, options) => {
    session._rtcReady = false;
    try {
      const sdp = sameOrigin(await media().describe(type, options ?? undefined));
      session.emit('sdp', { originator: 'local', type, sdp });
      return sdp;
    } catch (error) {
      if (type === 'answer') offering?.reply(488);
      throw error;
    } finally {
      session._rtcReady = true;
    }
  };
  session._toggleMuteAudio = () => {};
  session.on('sdp', (description) => {
    const { originator, type, sdp } = description;
    if (originator === 'remote' && type === 'answer') description.sdp = sdp.replace(/^a=ice-lite\r?\n/m, '');
  });

  let tried = false;
  const { _receiveInviteResponse: receive } = session;
  session._receiveInviteResponse = (response) => {
    if (response.status_code < 200 && !session.isEnded()) {
      tried = true;
      handlers.onProvisional(response);
      // It takes an answer without To tag for none, and would never cancel.
      if (!response.to_tag) response.status_code = 100;
    }
    receive.call(session, response);
  };

  const { onTransportError, onRequestTimeout, onDialogError } = session;
  const unlessAnswered = (original: () => void, code: ErrorCode, gone: boolean) => () => {
    if (session.isEstablished()) return handlers.onInDialogFailure(gone);
    // What the gateway never had is no connection that was lost.
    handlers.onFailure(tried ? code : 'gateway-unreachable');
    original.call(session);
  };
  session.onTransportError = unlessAnswered(onTransportError, 'connection-lost', false);
  session.onRequestTimeout = unlessAnswered(onRequestTimeout, 'gateway-unreachable', false);
  // 481: the gateway knows no such call any more (RFC 3261 section 12.2.1.2). A 408, which only says that nobody answered,
  // comes in as a plain refusal: see the socket.
  session.onDialogError = unlessAnswered(onDialogError, 'connection-lost', true);
}

/**
 * Gives all descriptions of a session the origin of the first and a version that counts on, whichever peer connection they
 * are of (RFC 3264 section 8).
 */
function oneOrigin(): (sdp: string) => string {
  let name: string | undefined;
  let version = 0;
  return (sdp) => sdp.replace(/^o=(\S+ \S+) \d+/m, (_, own: string) => `o=${(name ??= own)} ${++version}`);
}
