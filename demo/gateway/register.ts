import { bearerOf } from '../../src/server/secrets.js';
import type { HookClient, RegisterVerdict } from './hook-client.js';
import type { Registrar } from './registrar.js';
import type { ServerTransaction } from './server-transaction.js';

/** In seconds: for a REGISTER that asks for no time. The end of the token comes first anyway. */
const DEFAULT_EXPIRES = 600;

/** Judges a REGISTER by the hook, and answers it (RFC 3261 section 10.3). */
export async function register(transaction: ServerTransaction, hook: HookClient, registrar: Registrar): Promise<void> {
  const { connection, request } = transaction;
  const token = bearerOf(request.headers('Authorization')[0]);
  if (token === undefined) {
    transaction.respond(401);
    return;
  }
  const answer = await hook.connect(connection, request, token);
  if ('refused' in answer) {
    transaction.respond(answer.refused);
  } else if (answer.allowed.aor !== request.to.aor) {
    // The hook has said so already; a gateway that trusted it blindly would let anybody take the desk's place.
    transaction.respond(403);
  } else if (connection.open) {
    connection.accept();
    connection.prove(answer.allowed.sid, answer.allowed.expires);
    settle(transaction, answer.allowed, registrar);
  }
}

function settle(transaction: ServerTransaction, verdict: RegisterVerdict, registrar: Registrar): void {
  const { connection, request } = transaction;
  const { aor } = verdict;
  const { contact } = request;
  if (!contact) {
    // No Contact, or `*`: everything of this connection, and nothing that another registered for the same address.
    if (askedFor(request.headers('Expires')[0]) === 0) registrar.removeConnection(connection, aor);
    transaction.respond(200);
    return;
  }
  const asked = contact.expires ?? askedFor(request.headers('Expires')[0]) ?? DEFAULT_EXPIRES;
  const expires = Math.min(asked, verdict.expires);
  const instance = contact.instance ?? contact.uri;
  if (expires === 0) registrar.unbind(aor, instance);
  else if (verdict.bind && !registrar.bind({ aor, instance, contact: contact.uri, connection }, expires)) {
    transaction.respond(503);
    return;
  }
  // Echoed also when nothing is stored, since a user agent takes a 200 without its Contact for a failure.
  transaction.respond(200, {
    headers: [
      ['Contact', `${contact.value};expires=${expires}`],
      ['Expires', String(expires)],
    ],
  });
}

function askedFor(expires: string | undefined): number | undefined {
  return expires !== undefined && /^[0-9]{1,9}$/.test(expires) ? Number(expires) : undefined;
}
