import { Endpoint, type ConformanceOptions } from '../conformance/endpoint.js';
import { checkCall } from './checks/call.js';
import { checkCallee } from './checks/callee.js';
import { checkPolicies } from './checks/csp.js';
import { checkEndpoint } from './checks/endpoint.js';
import { checkGateway } from './checks/gateway.js';
import { checkIceServers } from './checks/ice.js';
import { checkMicrophone } from './checks/microphone.js';
import { checkRegister } from './checks/register.js';
import { checkRules } from './checks/rules.js';
import { checkScript, findScript } from './checks/script.js';
import { checkSecure } from './checks/secure.js';
import { checkTag, checkTokenUrl } from './checks/tag.js';
import { readPolicies } from './csp-match.js';
import { fail, ok, unseen, type Finding } from './finding.js';
import { readGrant, type Grant } from './grant.js';
import { readMarkup, type Markup } from './markup.js';
import { loadPage, type Page } from './page.js';
import { Caller } from './sip/caller.js';
import type { SipLink } from './sip/sip-link.js';
import { fetchTrusting, reason, trusting, type Fetch } from './web.js';

export interface DoctorOptions {
  /** Of the page. */
  url: string;
  /** What a script of the page sets, where it stands in no tag. */
  tokenUrl?: string;
  gatewayUrl?: string;
  line?: string;
  /** Certificate of an authority that is believed beside those that browsers know, in PEM: for a staging system. */
  authority?: string;
  /** The number that nobody has, which is asked for; undefined leaves that out. */
  foreignNumber?: string | undefined;
  /** Told before it is asked for. */
  onForeignNumber?: (number: string) => void;
  /** Whether the line is called, too. Default: nobody is. */
  call?: boolean;
  /** The version that the script should have. */
  newest: string;
  /** A file of that version by its name, where it is at hand: some do not say which version they are. */
  published?: (name: string) => Buffer | undefined;
}

/** What the button of a page says of itself, or the command for it. */
interface Button {
  tokenUrl: URL | undefined;
  statusUrl: URL | undefined;
  reportUrl: URL | undefined;
  gatewayUrl: string | undefined;
  line: string | undefined;
  method: 'GET' | 'POST';
}

/** Looks at a page, and at all that its button needs, from the outside. Findings come as they are made. */
export async function* examine(options: DoctorOptions): AsyncGenerator<Finding> {
  const ca = trusting(options.authority);
  const fetch = fetchTrusting(ca);
  let page: Page;
  try {
    page = await loadPage(options.url, fetch);
  } catch (error) {
    yield fail('page', `${options.url}: ${reason(error)}`, 'Correct the address, or see that the site is up.');
    return;
  }
  if (page.status !== 200) {
    yield fail('page', `HTTP ${page.status}`, 'Name the address of a page that everybody can see.');
    return;
  }
  yield ok('page', page.url.href);
  yield checkSecure(page.url);
  yield checkMicrophone(page.headers, page.url);

  const markup = readMarkup(page.html, page.url);
  const named = addressIn(options.tokenUrl, page.url);
  yield checkTag(markup, named);
  yield checkTokenUrl(markup.buttons, named);
  const script = findScript(markup);
  const { newest, published = () => undefined } = options;
  const { findings, text } = await checkScript(script, { page: page.url, newest, published, fetch });
  yield* findings;

  const button = readButton(markup, options, named);
  const visit = new Visit(page.url, button, fetch, ca);
  const { finding, grant } = button.tokenUrl
    ? await visit.enter(button.tokenUrl)
    : { finding: unseen('endpoint', 'no token-url is known'), grant: undefined };
  yield checkPolicies(readPolicies(page.headers, markup.policies), {
    page: page.url,
    script,
    text,
    requests: [button.tokenUrl, button.statusUrl, button.reportUrl].filter((url) => url !== undefined),
    gateways: (grant?.gateways ?? []).map((url) => new URL(url)),
  });
  yield finding;
  if (!grant || !button.tokenUrl) {
    for (const check of ['gateway', 'register', 'callee', 'turn', 'rules'] as const) {
      yield unseen(check, 'there is no grant');
    }
    return;
  }
  yield* visit.call(grant, options);
  yield* await checkIceServers(grant.iceServers, ca);
  yield* await checkRules(visit.asPage(button.tokenUrl));
}

/** Goes where the page's button would go. */
class Visit {
  readonly #page: URL;
  readonly #button: Button;
  readonly #fetch: Fetch;
  readonly #ca: string[] | undefined;
  #endpoint: Endpoint | undefined;

  constructor(page: URL, button: Button, fetch: Fetch, ca: string[] | undefined) {
    this.#page = page;
    this.#button = button;
    this.#fetch = fetch;
    this.#ca = ca;
  }

  /** How the grader asks, so that it asks as the page does. */
  asPage(tokenUrl: URL): ConformanceOptions {
    const { line, method } = this.#button;
    return {
      url: tokenUrl.href,
      origin: this.#page.origin,
      method,
      fetch: this.#fetch,
      ...(line !== undefined && { line }),
    };
  }

  /** Gets the first grant. */
  async enter(tokenUrl: URL): ReturnType<typeof checkEndpoint> {
    let why: string | undefined;
    const watched: Fetch = (request) =>
      this.#fetch(request).catch((error: unknown) => {
        why = reason(error);
        throw error;
      });
    this.#endpoint = new Endpoint({ ...this.asPage(tokenUrl), fetch: watched, patience: 30 });
    return await checkEndpoint(this.#endpoint, this.#button.gatewayUrl, () => why);
  }

  /** Connects to the gateways, and asks the first one that is well for what a grant gives, and must not give. */
  async *call(grant: Grant, options: DoctorOptions): AsyncGenerator<Finding> {
    let link: SipLink | undefined;
    for (const url of grant.gateways) {
      const gateway = await checkGateway(url, this.#page.origin, this.#ca);
      yield* gateway.findings;
      if (link) await gateway.link?.close();
      else link = gateway.link;
    }
    if (!link) {
      for (const check of ['register', 'callee'] as const) yield unseen(check, 'no gateway can be used');
      return;
    }
    const caller = new Caller(link, grant);
    const registered = await checkRegister(caller, grant);
    yield registered;
    if (registered.verdict === 'fail') {
      yield unseen('callee', 'the gateway does not take the grant');
    } else if (options.foreignNumber !== undefined) {
      const number = options.foreignNumber;
      options.onForeignNumber?.(number);
      yield await checkCallee({ caller, grant, number, another: () => this.#another() });
    }
    await link.close();
    if (!options.call) return;
    const another = await this.#another();
    yield another
      ? await checkCall(another.caller, another.grant)
      : unseen('call', 'a further grant was not to be had');
    await another?.close();
  }

  /** Somebody with a fresh grant and a connection of his own. */
  async #another(): Promise<{ caller: Caller; grant: Grant; close(): Promise<void> } | undefined> {
    const { json } = (await this.#endpoint?.grant()) ?? {};
    const grant = json && readGrant(json, this.#button.gatewayUrl);
    if (!grant || typeof grant === 'string') return undefined;
    for (const url of grant.gateways) {
      const { link } = await checkGateway(url, this.#page.origin, this.#ca);
      if (link) return { caller: new Caller(link, grant), grant, close: () => link.close() };
    }
    return undefined;
  }
}

/** The first tag that has an endpoint, with what the command says instead. */
function readButton({ buttons, base }: Markup, options: DoctorOptions, named: URL | undefined): Button {
  const tag = buttons.find(({ attributes }) => attributes.get('token-url')?.trim()) ?? buttons[0];
  const attribute = (name: string): string | undefined => tag?.attributes.get(name)?.trim() || undefined;
  return {
    tokenUrl: named ?? addressIn(attribute('token-url'), base),
    statusUrl: addressIn(attribute('status-url'), base),
    reportUrl: addressIn(attribute('report-url'), base),
    gatewayUrl: options.gatewayUrl ?? attribute('gateway-url'),
    line: options.line ?? attribute('line'),
    method: attribute('token-method')?.toUpperCase() === 'GET' ? 'GET' : 'POST',
  };
}

function addressIn(text: string | undefined, base: URL): URL | undefined {
  return text !== undefined && URL.canParse(text, base) ? new URL(text, base) : undefined;
}
