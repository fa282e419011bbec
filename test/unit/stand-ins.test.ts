import { expect } from '@open-wc/testing';
import type { EventEmitter as OriginalEmitter } from 'events';
import sinon from 'sinon';
import debug from '../../src/sip/stand-ins/debug.js';
import { EventEmitter } from '../../src/sip/stand-ins/events.js';
import * as standIn from '../../src/sip/stand-ins/sdp-transform.js';
import { loadCommonJs } from './support/commonjs.js';

/** What JsSIP uses of an emitter. */
type Emitter = Pick<OriginalEmitter, 'on' | 'once' | 'addListener' | 'removeListener' | 'off' | 'listeners' | 'emit'> &
  Pick<OriginalEmitter, 'setMaxListeners'>;

/** What JsSIP uses of a session description. */
interface Description {
  direction?: string | undefined;
  media: { type: string; direction?: string | undefined }[];
}
interface Transform {
  parse(sdp: string): Description;
  write(description: Description): string;
}

const { EventEmitter: Original } = (await loadCommonJs('/node_modules/events/events.js')) as {
  EventEmitter: new () => Emitter;
};
const original = (await loadCommonJs('/node_modules/sdp-transform/lib/index.js')) as Transform;

describe('what stands in for `events`', () => {
  afterEach(() => sinon.restore());

  /** Scenes that are played with both emitters; each tells what was heard. */
  const scenes: Record<string, (emitter: Emitter, hear: (...what: unknown[]) => void) => unknown> = {
    'tells listeners in the order in which they came': (emitter, hear) => {
      emitter.on('x', () => hear(1));
      emitter.addListener('x', () => hear(2));
      emitter.on('y', () => hear('never'));
      return emitter.emit('x');
    },
    'hands on every argument': (emitter, hear) => {
      emitter.on('x', (...args: unknown[]) => hear(...args));
      emitter.emit('x', 1, undefined, { a: 2 });
      return emitter.emit('x');
    },
    'calls a listener as its own method': (emitter, hear) => {
      emitter.on('x', function (this: unknown) {
        hear(this === emitter);
      });
      emitter.once('x', function (this: unknown) {
        hear(this === emitter);
      });
      return emitter.emit('x');
    },
    'says whether anybody heard': (emitter) => {
      const before = emitter.emit('x');
      emitter.once('x', () => {});
      return [before, emitter.emit('x'), emitter.emit('x')];
    },
    'tells once where once was asked for, also from within': (emitter, hear) => {
      emitter.once('x', () => {
        hear('once');
        emitter.emit('x');
      });
      emitter.on('x', () => hear('on'));
      return emitter.emit('x');
    },
    'tells a listener that was added twice twice': (emitter, hear) => {
      const listener = () => hear('x');
      emitter.on('x', listener).on('x', listener);
      return [emitter.emit('x'), emitter.listeners('x').length];
    },
    'tells nobody who was taken away': (emitter, hear) => {
      const listener = () => hear('never');
      emitter.on('x', listener);
      emitter.on('x', () => hear('stays'));
      emitter.removeListener('x', listener).off('x', () => {});
      emitter.removeListener('y', listener);
      return [emitter.emit('x'), emitter.listeners('x').length, emitter.listeners('y').length];
    },
    'tells those who were there when it began': (emitter, hear) => {
      const last = () => hear('last');
      emitter.on('x', () => {
        hear('first');
        emitter.removeListener('x', last);
        emitter.on('x', () => hear('added'));
      });
      emitter.on('x', last);
      emitter.emit('x');
      hear('again');
      return emitter.emit('x');
    },
    'counts its listeners': (emitter) => {
      emitter.on('x', () => {});
      emitter.once('x', () => {});
      const before = emitter.listeners('x').length;
      emitter.emit('x');
      return [before, emitter.listeners('x').length, emitter.listeners('y')];
    },
    'can be chained': (emitter) =>
      emitter
        .on('x', () => {})
        .once('x', () => {})
        .setMaxListeners(0) === emitter,
    'knows names that every object has': (emitter, hear) => {
      emitter.on('constructor', () => hear('constructor'));
      return [emitter.emit('constructor'), emitter.emit('toString'), emitter.listeners('__proto__')];
    },
  };

  const play = (emitter: Emitter, scene: (typeof scenes)[string]) => {
    const heard: unknown[][] = [];
    const result = scene(emitter, (...what) => heard.push(what));
    return { heard, result };
  };

  for (const [name, scene] of Object.entries(scenes)) {
    it(`${name}, like the original`, () => {
      const theirs = play(new Original(), scene);
      expect(play(new EventEmitter() as unknown as Emitter, scene)).to.deep.equal(theirs);
    });
  }

  it('goes on to the next where a listener throws, and reports it; the original would not', () => {
    const report = sinon.stub(globalThis, 'reportError');
    const error = new Error('a bug');
    const next = sinon.spy();
    const emitter = new EventEmitter().on('x', () => {
      throw error;
    });
    emitter.on('x', next);
    expect(emitter.emit('x')).to.be.true;
    expect(next).to.have.property('callCount', 1);
    expect(report.args).to.deep.equal([[error]]);
  });

  it('can be the parent of a class, as JsSIP has it', () => {
    const heard = sinon.spy();
    class Agent extends EventEmitter {
      ring(): void {
        this.emit('ring', this);
      }
    }
    const agent = new Agent().on('ring', heard);
    agent.ring();
    expect(heard.args).to.deep.equal([[agent]]);
    expect(new Agent().listeners('ring')).to.be.empty;
  });
});

describe('what stands in for `sdp-transform`', () => {
  const sdp = (...lines: string[]) => lines.map((line) => `${line}\r\n`).join('');
  const session = ['v=0', 'o=- 4611 2 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0', 'a=msid-semantic: WMS'];
  const audio = [
    'm=audio 9 UDP/TLS/RTP/SAVPF 111 126',
    'c=IN IP4 0.0.0.0',
    'a=mid:0',
    'a=rtpmap:111 opus/48000/2',
    'a=fmtp:111 minptime=10;useinbandfec=1',
    'a=rtpmap:126 telephone-event/8000',
    'a=ice-ufrag:aB+/',
    'a=fingerprint:sha-256 AA:BB',
    'a=setup:actpass',
  ];
  const video = ['m=video 0 UDP/TLS/RTP/SAVPF 96', 'c=IN IP4 0.0.0.0', 'a=mid:1', 'a=rtpmap:96 VP8/90000'];

  const descriptions: Record<string, string> = {
    'no direction at all': sdp(...session, ...audio),
    'voice both ways': sdp(...session, ...audio, 'a=sendrecv'),
    'voice on hold': sdp(...session, ...audio, 'a=sendonly', 'a=ptime:20'),
    'hold as older gateways say it': sdp(...session, 'a=inactive', ...audio),
    'a section that contradicts its session': sdp(...session, 'a=sendonly', ...audio, 'a=recvonly'),
    'voice and refused video': sdp(...session, ...audio, 'a=recvonly', ...video, 'a=inactive'),
    'two directions in a section': sdp(...session, ...audio, 'a=sendonly', 'a=recvonly'),
    'lines that end with a line feed only': sdp(...session, ...audio, 'a=sendonly').replace(/\r/g, ''),
    'an application section': sdp(...session, 'm=application 9 DTLS/SCTP 5000', 'a=sendrecv'),
    'an attribute that only begins like a direction': sdp(...session, ...audio, 'a=x-sendonly:1', 'a=sendrecv'),
    'no media': sdp(...session),
    nothing: '',
  };

  const directions = ({ direction, media }: Description) => [
    direction,
    ...media.map((section) => [section.type, section.direction]),
  ];
  /** The original sorts lines, and writes a blank too many into some of them. */
  const sorted = (text: string) => text.replace(/ +/g, ' ').split('\r\n').sort();

  for (const [name, text] of Object.entries(descriptions)) {
    it(`reads ${name} like the original`, () => {
      expect(directions(standIn.parse(text))).to.deep.equal(directions(original.parse(text)));
    });
  }

  for (const name of ['no direction at all', 'voice both ways', 'voice on hold', 'voice and refused video']) {
    it(`writes ${name} with a new direction like the original`, () => {
      const [ours, theirs] = [standIn, original].map((transform: Transform) => {
        const description = transform.parse(descriptions[name]!);
        description.media[0]!.direction = 'inactive';
        return transform.write(description);
      });
      expect(directions(original.parse(ours!))).to.deep.equal(directions(original.parse(theirs!)));
      expect(sorted(ours!)).to.deep.equal(sorted(theirs!));
    });
  }

  it('changes nothing but the place of the direction', () => {
    for (const text of Object.values(descriptions)) {
      const written = standIn.write(standIn.parse(text));
      expect(directions(standIn.parse(written))).to.deep.equal(directions(standIn.parse(text)));
    }
    const plain = descriptions['no direction at all']!;
    expect(standIn.write(standIn.parse(plain))).to.equal(plain);
  });

  it('keeps every line in its section', () => {
    const text = descriptions['voice and refused video']!;
    expect(standIn.write(standIn.parse(text))).to.equal(text);
  });

  it('is there under both ways to require it', () => {
    expect(standIn.default).to.deep.equal({ parse: standIn.parse, write: standIn.write });
  });
});

describe('what stands in for `debug`', () => {
  it('never prints, whatever the page stores', () => {
    const methods = ['log', 'debug', 'info', 'warn', 'error'] as const;
    const spies = methods.map((method) => sinon.stub(console, method));
    localStorage.setItem('debug', '*');
    try {
      for (const create of [debug, debug.default]) {
        const say = create('JsSIP:Transport');
        say('sending message:\n\nAuthorization: Bearer secret');
        say.log('secret');
        expect(say.enabled).to.be.false;
      }
      expect(spies.some(({ called }) => called)).to.be.false;
    } finally {
      localStorage.removeItem('debug');
      sinon.restore();
    }
  });

  it('is another one for each name', () => {
    expect(debug('a')).not.to.equal(debug('b'));
  });
});
