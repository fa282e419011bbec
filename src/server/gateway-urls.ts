/**
 * Spreads calls over several gateways: each grant names all of them, and each grant another one first. A browser takes the
 * first that answers, so that a gateway that is gone costs a moment and no call.
 *
 *     createTokenHandler({ …, gatewayUrl: inTurn(['wss://a.example.com', 'wss://b.example.com']) })
 */
export function inTurn(urls: readonly string[]): () => string[] {
  if (urls.length === 0) throw new TypeError('There is no gateway');
  // Of several servers that start together, not all begin with the same gateway.
  let next = Math.floor(Math.random() * urls.length);
  return () => {
    const first = next;
    next = (next + 1) % urls.length;
    return [...urls.slice(first), ...urls.slice(0, first)];
  };
}
