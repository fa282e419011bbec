/** A page that calls with JsSIP as its documentation shows it: a user agent, a call, an audio element, nothing to be seen. */
import { UA, WebSocketInterface } from 'jssip';

interface Answered {
  token: string;
  gateway_url: string | string[];
  sip_uri: string;
  callee?: string;
  ice_servers?: RTCIceServer[];
}

type Session = ReturnType<UA['call']>;

export interface PlainCalls {
  /** Resolves when the call was answered. */
  call(line: string): Promise<void>;
  /** Ends the call at once; the user agent says good-bye in its own time, some two seconds. */
  hangup(): void;
}

const audio = new Audio();
let current: { ua: UA; session: Session } | undefined;

async function call(line: string): Promise<void> {
  const response = await fetch('/api/sip-token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ line }),
  });
  const grant = (await response.json()) as Answered;
  const sockets = [grant.gateway_url].flat().map((url) => new WebSocketInterface(url));
  const ua = new UA({ sockets, uri: grant.sip_uri, authorization_jwt: `Bearer ${grant.token}` });
  ua.start();
  await new Promise<void>((resolve, reject) => {
    ua.on('registered', () => resolve());
    ua.on('registrationFailed', ({ cause }) => reject(new Error(String(cause))));
  });
  await new Promise<void>((resolve, reject) => {
    // The gateway puts the line's own number in the place of this one.
    const session = ua.call(grant.callee ?? grant.sip_uri.replace(/:.*@/, ':call@'), {
      mediaConstraints: { audio: true, video: false },
      pcConfig: { iceServers: grant.ice_servers ?? [] },
      eventHandlers: {
        confirmed: () => resolve(),
        failed: ({ cause }: { cause: string }) => reject(new Error(cause)),
      },
    });
    current = { ua, session };
    session.connection.addEventListener('track', ({ streams }) => {
      audio.srcObject = streams[0] ?? null;
      void audio.play();
    });
  });
}

function hangup(): void {
  current?.session.terminate();
  current?.ua.stop();
  current = undefined;
  audio.srcObject = null;
}

Object.assign(window, { plainCalls: { call, hangup } satisfies PlainCalls });
