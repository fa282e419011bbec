import { expect } from '@open-wc/testing';
import { haveCommonCodec } from '../../src/media/common-codec.js';

const audio = (types: string, ...lines: string[]): RTCSessionDescription =>
  ({ sdp: ['v=0', `m=audio 9 UDP/TLS/RTP/SAVPF ${types}`, ...lines, ''].join('\r\n') }) as RTCSessionDescription;

const offer = audio('111 0 8 110', 'a=rtpmap:111 opus/48000/2', 'a=rtpmap:110 telephone-event/48000');
const common = (remoteDescription: RTCSessionDescription | null) =>
  haveCommonCodec({ localDescription: offer, remoteDescription } as RTCPeerConnection);

describe('a codec in common', () => {
  it('is there by its name, whatever its number and its case', () => {
    expect(common(audio('96', 'a=rtpmap:96 OPUS/48000/2'))).to.be.true;
  });

  it('is there by a number that needs no name', () => {
    expect(common(audio('18 8'))).to.be.true;
  });

  it('is not there where the far end has another', () => {
    expect(common(audio('18', 'a=rtpmap:18 G729/8000'))).to.be.false;
    expect(common(audio('18'))).to.be.false;
  });

  it('is none that carries keys alone', () => {
    expect(common(audio('101', 'a=rtpmap:101 telephone-event/48000'))).to.be.false;
  });

  it('is not missed where there is no description yet', () => {
    expect(common(null)).to.be.true;
  });
});
