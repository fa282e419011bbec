import { expect } from '@open-wc/testing';
import { button, listen, state, until } from './support/button.js';
import { Desk } from './support/desk.js';

describe('several buttons on a page', () => {
  it('share one live call: the second says that the caller is busy elsewhere', async () => {
    const desk = await Desk.open();
    const events = listen();
    const [first, second] = [await button(), await button()];
    void first.call();
    await state(first, 'active');
    expect(await second.call()).to.include({ outcome: 'failed', code: 'busy-elsewhere' });
    expect(events.named('error').map(({ detail }) => detail['code'])).to.deep.equal(['busy-elsewhere']);
    expect(first.callState).to.equal('active');

    await first.hangup();
    void second.call();
    await state(second, 'active');
    await second.hangup();
    expect(desk.count).to.equal(2);
    expect(events.named('call-ended')).to.have.length(2);
    events.stop();
    await desk.close();
  });

  it('can call again where they were out of the page when the call of the other one ended', async () => {
    const desk = await Desk.open();
    const [first, second] = [await button(), await button()];
    void first.call();
    await state(first, 'active');
    await until(() => second.availability === 'busy', 'the second button is told');
    const parent = second.parentElement!;
    second.remove();
    await first.hangup();
    parent.append(second);
    expect(second.availability).to.equal('available');
    void second.call();
    await state(second, 'active');
    await second.hangup();
    await desk.close();
  });

  it('free the line when the button that has it is removed', async () => {
    const desk = await Desk.open();
    const [first, second] = [await button(), await button()];
    const result = first.call();
    await state(first, 'active');
    first.remove();
    await result;
    void second.call();
    await state(second, 'active');
    await second.hangup();
    await desk.close();
  });
});
