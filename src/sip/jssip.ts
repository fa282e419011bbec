/**
 * The one door to JsSIP, and what we know of it. Its published types do not cover the members that a mend needs (a peer
 * connection of our own, a re-INVITE whose refusal does not end the call), so the part that is used is written down here;
 * the version is pinned, and `test/sip` walks every member named below.
 */
import Parser from 'jssip/lib/Parser.js';
import RTCSession from 'jssip/lib/RTCSession.js';
import UA from 'jssip/lib/UA.js';

export interface SipUri {
  user?: string;
  host: string;
  toString(): string;
}

export interface NameAddr {
  uri: SipUri;
  display_name?: string;
}

export interface IncomingMessage {
  method: string;
  call_id: string;
  cseq: number;
  from_tag: string;
  to_tag: string | undefined;
  via_branch: string;
  from: NameAddr;
  body: string;
  getHeader(name: string): string | undefined;
  getHeaders(name: string): string[];
  hasHeader(name: string): boolean;
  parseHeader(name: string): NameAddr | undefined;
}

export interface IncomingRequest extends IncomingMessage {
  ruri: SipUri;
  /** Of several final answers the first counts. */
  reply(status: number): void;
}

export interface IncomingResponse extends IncomingMessage {
  status_code: number;
}

/** The interface of a transport, as JsSIP documents it for sockets that are not its own. */
export interface JsSipSocket {
  via_transport: string;
  readonly url: string;
  readonly sip_uri: string;
  connect(): void;
  disconnect(): void;
  send(message: string): boolean;
  onconnect(): void;
  ondisconnect(error: boolean, code?: number, reason?: string): void;
  ondata(data: string): void;
}

export interface EndEvent {
  originator: 'local' | 'remote' | 'system';
  message: (Partial<IncomingResponse> & { method?: string }) | null;
  cause: string;
}

/** A description before it is applied, or sent; what a listener makes of `sdp` counts. */
export interface SdpEvent {
  originator: 'local' | 'remote';
  type: 'offer' | 'answer';
  sdp: string;
}

export interface JsSipSession {
  readonly id: string;
  readonly direction: 'incoming' | 'outgoing';
  readonly remote_identity: NameAddr;
  isEstablished(): boolean;
  isEnded(): boolean;
  connect(target: string, options: object): void;
  answer(options: object): void;
  terminate(options?: { status_code?: number }): void;
  sendDTMF(tones: string, options: { transportType: 'INFO'; duration: number; interToneGap: number }): void;
  isReadyToReOffer(): boolean;
  on(event: 'sending', listener: (event: { request: OutgoingRequest }) => void): void;
  on(event: 'progress', listener: (event: { response: IncomingResponse | null }) => void): void;
  on(event: 'accepted' | 'confirmed', listener: () => void): void;
  on(event: 'ended' | 'failed', listener: (event: EndEvent) => void): void;
  on(event: 'sdp', listener: (event: SdpEvent) => void): void;
  on(event: 'reinvite' | 'update', listener: (event: { request: IncomingRequest }) => void): void;
  on(event: 'hold' | 'unhold', listener: (event: { originator: 'local' | 'remote' }) => void): void;
  emit(event: string, detail: object): boolean;
  // What the mends replace or call; see session-mends.ts.
  _connection: RTCPeerConnection | null;
  _rtcReady: boolean;
  _createRTCConnection(configuration: RTCConfiguration): void;
  _createLocalDescription(type: 'offer' | 'answer', options?: RTCOfferOptions | null): Promise<string>;
  _toggleMuteAudio(mute: boolean): void;
  _receiveInviteResponse(response: IncomingResponse): void;
  _id: string;
  _from_tag: string;
  _newRTCSession(originator: 'local' | 'remote', request: OutgoingRequest): void;
  _sendReinvite(options: {
    rtcOfferConstraints: RTCOfferOptions;
    eventHandlers: { succeeded(): void; failed(): void };
  }): void;
  onTransportError(): void;
  onRequestTimeout(): void;
  onDialogError(): void;
}

export interface OutgoingRequest {
  call_id: string;
  setHeader(name: string, value: string): void;
}

export interface JsSipTransaction {
  /** Client or server, INVITE or not. */
  readonly type: 'ict' | 'nict' | 'ist' | 'nist';
  readonly state: number;
  readonly request?: { readonly method: string };
}

export interface JsSipRegistrator {
  /** Of every REGISTER of this agent's (RFC 3261 section 10.2). */
  _call_id: string;
  readonly registered: boolean;
  register(): void;
}

export interface JsSipUserAgent {
  readonly configuration: { uri: SipUri };
  start(): void;
  stop(): void;
  isConnected(): boolean;
  isRegistered(): boolean;
  register(): void;
  registrator(): JsSipRegistrator;
  on(
    event: 'connected' | 'disconnected' | 'registered' | 'registrationExpiring' | 'unregistered',
    listener: () => void,
  ): void;
  on(
    event: 'newTransaction' | 'transactionDestroyed',
    listener: (event: { transaction: JsSipTransaction }) => void,
  ): void;
  on(
    event: 'registrationFailed',
    listener: (event: { response: IncomingResponse | null; cause: string }) => void,
  ): void;
  on(
    event: 'newRTCSession',
    listener: (event: { originator: 'local' | 'remote'; session: JsSipSession; request: IncomingRequest }) => void,
  ): void;
}

export interface UserAgentConfiguration {
  uri: string;
  sockets: JsSipSocket[];
  register: boolean;
  register_expires: number;
  session_timers: false;
  no_answer_timeout: number;
  user_agent: string;
  authorization_user?: string;
  password?: string;
}

export const JsSipUA = UA as unknown as new (configuration: UserAgentConfiguration) => JsSipUserAgent;
export const JsSipRTCSession = RTCSession as unknown as new (ua: JsSipUserAgent) => JsSipSession;

/** Parses one SIP message; `undefined` where it is none. A request is told from a response by its `ruri`. */
export function parseMessage(text: string): IncomingRequest | IncomingResponse | undefined {
  try {
    return (
      Parser as { parseMessage(text: string, ua: undefined): IncomingRequest | IncomingResponse | undefined }
    ).parseMessage(text, undefined);
  } catch {
    return undefined;
  }
}

export const isRequest = (message: IncomingRequest | IncomingResponse): message is IncomingRequest =>
  !('status_code' in message) || (message as { status_code?: unknown }).status_code === null;
