/** The visitor's page once more, in a frame as wide as a phone. It does what the playground around it says. */
import { CALL_EVENTS, type FromPhone, type ToPhone } from './playground-messages.js';
import { Stage } from './playground-stage.js';

const original = parent === self ? null : parent.document.querySelector('.shop');
if (!original) location.replace('/');
else {
  const page = document.importNode(original, true) as HTMLElement;
  page.hidden = false;
  document.body.append(page);

  const tell = (message: FromPhone) => parent.postMessage(message, location.origin);
  const stage = new Stage(page, () => tell({ kind: 'left-face' }));

  addEventListener('message', ({ source, origin, data }: MessageEvent<ToPhone>) => {
    // Others, such as a browser's extensions, send messages too.
    if (source === parent && origin === location.origin && data.kind === 'show') stage.show(data.setup, data.face);
  });
  for (const name of CALL_EVENTS) {
    document.addEventListener(name, (event) =>
      tell({ kind: 'event', name, detail: (event as CustomEvent<object>).detail, live: stage.live }),
    );
  }
  tell({ kind: 'ready' });
}
