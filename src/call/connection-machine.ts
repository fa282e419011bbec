/**
 * The states of the signalling connection, as a pure table. It is orthogonal to the call: voice can outlast signalling.
 *
 *   offline ──connect──> connecting ──ready──> registered <──ready── reconnecting
 *      ^                    │  │                 │    │                 │    ^
 *      └────────fail────────┘  │                 │    └──────lost───────│────┘
 *      └────────fail───────────│─────────────────┘──────────fail────────┘
 *   connecting, registered, reconnecting ──close──> closed ──connect──> connecting
 *   offline ──ready──> registered   offline ──lost──> reconnecting
 *
 * `offline` also stands for a connection that is open and whose registration was refused; the next one may be taken.
 * `registered` also stands for a connection whose grant asks for no registration: it is as ready as it will be.
 */
export type ConnectionState = 'offline' | 'connecting' | 'registered' | 'reconnecting' | 'closed';

export type ConnectionEvent = 'connect' | 'ready' | 'lost' | 'fail' | 'close';

type Table = Readonly<Record<ConnectionState, Readonly<Partial<Record<ConnectionEvent, ConnectionState>>>>>;

export const connectionTransitions: Table = {
  offline: { connect: 'connecting', ready: 'registered', lost: 'reconnecting' },
  connecting: { ready: 'registered', fail: 'offline', close: 'closed' },
  registered: { lost: 'reconnecting', fail: 'offline', close: 'closed' },
  reconnecting: { ready: 'registered', fail: 'offline', close: 'closed' },
  closed: { connect: 'connecting' },
};

/** The state that follows, or `undefined` where the event has no meaning in this state. */
export function nextConnectionState(state: ConnectionState, event: ConnectionEvent): ConnectionState | undefined {
  return connectionTransitions[state][event];
}
