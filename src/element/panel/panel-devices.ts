import { isLive } from '../../call/call-machine.js';
import { icon } from './icons.js';
import type { DeviceOption, DeviceOptions } from './panel-model.js';
import type { Part, View } from './view.js';

/** A choice of the browser's own kind; the first entry leaves it to the system. */
function choice(
  { lit: { html }, words }: View,
  kind: 'microphone' | 'speaker',
  options: readonly DeviceOption[],
  chosen: string | undefined,
  choose: (id: string | undefined) => void,
): Part {
  const onChange = (event: Event) => choose((event.target as HTMLSelectElement).value || undefined);
  const known = options.some(({ id }) => id === chosen);
  return html`<label class="field">
    <span>${words.text(kind)}</span>
    <select part="device" name=${kind} @change=${onChange}>
      <option value="" .selected=${!known}>${words.text('systemDefault')}</option>
      ${options.map(
        ({ id, label }, n) =>
          html`<option value=${id} .selected=${id === chosen}>${label || words.text('unnamed', { n: n + 1 })}</option>`,
      )}
    </select>
  </label>`;
}

/** Records a few seconds and plays them back; meanwhile the button says what goes on, and stops it. */
function test({ lit, model, actions, words }: View): Part {
  const { microphoneTest: at } = model;
  const says = at === 'recording' ? 'speakNow' : at === 'playing' ? 'playingBack' : 'testMicrophone';
  return lit.html`<button class="wide test ${at ?? ''}" type="button" @click=${actions.testMicrophone}>
    ${icon(lit, at === 'playing' ? 'speaker' : 'microphone')}<span>${words.text(says)}</span>
  </button>`;
}

/** Microphone and speaker, how loud the microphone is, and a way to hear oneself. */
export function panelDevices(view: View, devices: DeviceOptions): Part {
  const { lit, model, actions, words } = view;
  const { html, nothing } = lit;
  const { microphones, speakers, microphone, speaker } = devices;
  return html`<div class="pane" role="group" aria-label=${words.text('devices')} id="devices">
    ${choice(view, 'microphone', microphones, microphone, actions.chooseMicrophone)}
    ${
      isLive(model.state)
        ? html`<div
            class="level"
            role="meter"
            aria-label=${words.text('level')}
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow="0"
          ></div>`
        : nothing
    }
    ${speakers.length ? choice(view, 'speaker', speakers, speaker, actions.chooseSpeaker) : nothing} ${test(view)}
  </div>`;
}
