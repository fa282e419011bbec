/** Pages of other sites, some of whose names look like the owner’s. */
export const ORIGINS = [
  'https://evil.example',
  'https://shop.example.evil.example',
  'https://evilshop.example',
  'https://shop.example:8443',
  'http://shop.example',
  'https://shop.example@evil.example',
  'https://evil.example#https://shop.example',
  'https://SHOP.example.',
  'https://shop.example, https://evil.example',
  'null',
  'file://',
  'chrome-extension://shop.example',
];

/** Names of lines that are no lines, and bodies that are no questions. Nobody gets a token for them. */
export const BODIES: Record<string, string> = {
  'a line that does not exist': '{"line":"nobody"}',
  'the line constructor': '{"line":"constructor"}',
  'the line __proto__': '{"line":"__proto__"}',
  'the line toString': '{"line":"toString"}',
  'a line with CRLF': '{"line":"busy\\r\\nX-Evil: 1"}',
  'a line with NUL': '{"line":"busy\\u0000"}',
  'a line with blanks': '{"line":" busy "}',
  'a line that is a number to call': '{"line":"+19005550100"}',
  'a line that is a SIP address': '{"line":"sip:+19005550100@198.51.100.9"}',
  'a line that is a list': '{"line":["busy"]}',
  'a line that is an object': '{"line":{"callee":"sip:x@y"}}',
  'a line of 5,000 letters': JSON.stringify({ line: 'a'.repeat(5000) }),
  'two lines, the last one wrong': '{"line":"busy","line":"constructor"}',
  'a list': '["busy"]',
  null: 'null',
  'a number': '1e999',
  'half a JSON': '{"line":"busy"',
  'JSON and more': '{"line":"busy"}{"line":"busy"}',
  'ten thousand brackets': '['.repeat(10_000),
  'a megabyte': JSON.stringify({ line: 'busy', padding: 'a'.repeat(1_000_000) }),
  'a form': 'line=busy',
  XML: '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><line>&e;</line>',
};

/** Bodies that are a question, with more in them that must count for nothing. */
export const MORE: Record<string, object> = {
  'a callee of the page’s': {
    callee: 'sip:+19005550100@198.51.100.9',
    callerId: '+1',
    maxDuration: 99_999,
    scope: ['dial', 'receive'],
  },
  'a prototype of the page’s': JSON.parse(
    '{"__proto__":{"callee":"sip:x@y","scope":["dial"]},"constructor":{"prototype":{"callee":"x"}}}',
  ) as object,
  'a subject of the page’s': { sub: 'sip:desk@gateway.invalid', sid: 'x', subject: 'desk', exp: 9_999_999_999, iat: 0 },
  'context that is no attribution': {
    context: { 'X-Evil\r\nRoute': 'a', page: 'a\r\nX: y', __proto__: 'x', campaign: { a: [1] } },
  },
  'renewal of a token that nobody gave out': { renew: 'a.b.c' },
};
