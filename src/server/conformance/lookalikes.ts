/** Origins that are not the allowed one but would pass for it where somebody compares carelessly. */
export function lookalikes(origin: string): string[] {
  const { protocol, hostname, port } = new URL(origin);
  const at = port === '' ? '' : `:${port}`;
  const otherScheme = protocol === 'https:' ? 'http:' : 'https:';
  const otherPort = port === '8443' ? '8444' : '8443';
  // An IPv6 address takes no name after it, and no address takes one before it.
  const names = hostname.startsWith('[') ? [] : [`${hostname}.evil.example`];
  if (!/^(?:[\d.]+|\[.*\])$/.test(hostname)) names.push(`evil${hostname}`, `evil.${hostname}`);
  return [
    ...names.map((name) => `${protocol}//${name}${at}`),
    `${otherScheme}//${hostname}${at}`,
    `${protocol}//${hostname}:${otherPort}`,
  ];
}
