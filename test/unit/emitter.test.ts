import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import { Emitter } from '../../src/client/emitter.js';

interface Events {
  ring: number;
  end: string;
}

describe('an emitter', () => {
  let emitter: Emitter<Events>;

  beforeEach(() => {
    emitter = new Emitter();
  });

  afterEach(() => sinon.restore());

  it('tells every listener of an event, in the order in which they came', () => {
    const heard: string[] = [];
    emitter.on('ring', (n) => heard.push(`one ${n}`));
    emitter.on('ring', (n) => heard.push(`two ${n}`));
    emitter.on('end', () => heard.push('never'));
    emitter.emit('ring', 7);
    expect(heard).to.deep.equal(['one 7', 'two 7']);
  });

  it('may be told of what nobody hears', () => {
    expect(() => emitter.emit('end', 'x')).not.to.throw();
  });

  it('tells a listener once, however often it was added', () => {
    const listener = sinon.spy();
    emitter.on('ring', listener);
    emitter.on('ring', listener);
    emitter.emit('ring', 1);
    expect(listener).to.have.property('callCount', 1);
  });

  it('tells nobody who was taken away, in either way', () => {
    const [one, other] = [sinon.spy(), sinon.spy()];
    const off = emitter.on('ring', one);
    emitter.on('ring', other);
    off();
    off();
    emitter.off('ring', other);
    emitter.emit('ring', 1);
    expect([one.called, other.called]).to.deep.equal([false, false]);
  });

  it('takes away nobody else', () => {
    const [one, other] = [sinon.spy(), sinon.spy()];
    emitter.on('ring', one);
    emitter.off('ring', other);
    emitter.off('end', one as (detail: unknown) => void);
    emitter.emit('ring', 1);
    expect(one).to.have.property('callCount', 1);
  });

  it('tells those who were there when it began', () => {
    const late = sinon.spy();
    const offs: (() => void)[] = [];
    const heard = sinon.spy();
    emitter.on('ring', () => {
      emitter.on('ring', late);
      offs.forEach((off) => off());
    });
    offs.push(emitter.on('ring', heard));
    emitter.emit('ring', 1);
    expect([late.callCount, heard.callCount]).to.deep.equal([0, 1]);
    emitter.emit('ring', 2);
    expect([late.callCount, heard.callCount]).to.deep.equal([1, 1]);
  });

  it('reports a listener that throws, and goes on to the next', () => {
    const report = sinon.stub(globalThis, 'reportError');
    const error = new Error('a bug of the page');
    const next = sinon.spy();
    emitter.on('ring', () => {
      throw error;
    });
    emitter.on('ring', next);
    expect(() => emitter.emit('ring', 1)).not.to.throw();
    expect(next).to.have.property('callCount', 1);
    expect(report.args).to.deep.equal([[error]]);
  });
});
