import { SautikitCallButton } from './element/call-button.js';

const NAME = 'sautikit-call-button';

/** Defines the element once; a second version on the same page leaves the first in place and says so. */
const defined = customElements.get(NAME);
if (!defined) customElements.define(NAME, SautikitCallButton);
else if (defined !== SautikitCallButton) {
  // The owner of the page has to know that only one of the two scripts is at work.
  // eslint-disable-next-line no-console
  console.warn(`<${NAME}> is defined already; this second script is ignored.`);
}

export { SautikitCallButton };
// With them a page's own listeners know what the events carry.
export type { CallDetail, SautikitEventMap } from './element/events.js';
