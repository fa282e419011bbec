/** Calls `call` where a visitor presses one of the page's buttons. */
export function onCall(call) {
  for (const button of document.querySelectorAll('button.call')) button.addEventListener('click', call);
}

/** The site's own token endpoint. */
export const fetchToken = async () => (await (await fetch('/api/token', { method: 'POST' })).json()).token;
