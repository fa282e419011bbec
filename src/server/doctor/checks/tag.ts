import { fail, ok, unseen, warn, type Finding } from '../finding.js';
import type { Markup, Tag } from '../markup.js';

/** Attributes that no page has a reason to show. The element says the same in the console. */
const SECRET = ['callee', 'number', 'phone', 'username', 'user', 'password', 'secret', 'token', 'api-key', 'apikey'];
/** So few letters in the HTML are a page that a script has yet to make. */
const HARDLY_ANY = 200;

/** Looks for the tag. @param named the token endpoint that the command names, where a script sets it */
export function checkTag({ buttons, scripts, letters }: Markup, named: URL | undefined): Finding {
  if (buttons.length > 0) {
    const told = buttons.flatMap(({ attributes }) => SECRET.filter((name) => attributes.has(name)));
    if (told.length === 0) return ok('tag', buttons.length === 1 ? 'one' : `${buttons.length} of them`);
    const what = 'Take them out: everybody reads them. Who is called stands on the server, under the name in "line".';
    return fail('tag', `the tag has ${[...new Set(told)].join(', ')}`, what);
  }
  const byScript = scripts.length > 0;
  const seen = 'no <sautikit-call-button> in the HTML as the server sends it';
  if (named) return warn('tag', seen, 'Where a script adds it, see in the browser that it does.');
  const why = letters < HARDLY_ANY && byScript ? ', and hardly any text: a script makes this page' : '';
  return fail(
    'tag',
    seen + why,
    byScript
      ? 'Put the tag into the page. Where a script adds it, name what it sets: --token-url <url>, and --line, --gateway-url where it has them.'
      : 'Put <sautikit-call-button token-url="…"> into the page.',
  );
}

/** Every tag needs one, or a script that gives it a `tokenProvider`. */
export function checkTokenUrl(buttons: readonly Tag[], named: URL | undefined): Finding {
  if (buttons.length === 0 && !named) return unseen('token-url', 'there is no tag');
  const without = buttons.filter(({ attributes }) => !attributes.get('token-url')?.trim());
  if (without.length === 0 && buttons.length > 0) return ok('token-url', 'there');
  if (named) return ok('token-url', `named by the command: ${named.href}`);
  const which = buttons.length === 1 ? 'the tag has none' : `${without.length} of ${buttons.length} tags have none`;
  return fail(
    'token-url',
    which,
    'Add token-url="…", the address of your token endpoint. Where a script sets tokenProvider or the attribute, name the address: --token-url <url>.',
  );
}
