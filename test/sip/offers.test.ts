import { expect } from '@open-wc/testing';
import { reached, useBench } from './support/bench.js';
import { settled, until } from './support/waiting.js';

const candidates = (sdp: string): number => sdp.match(/^a=candidate:/gm)?.length ?? 0;

describe('An offer', () => {
  const bench = useBench();

  it('is for audio alone, with candidates, a fingerprint and digits', async () => {
    // A browser under load may take its time to look at its interfaces; here the visitor takes longer.
    bench().prompt = until(() => candidates(bench().peers.at(-1)?.localDescription?.sdp ?? '') > 0).then(() => {});
    bench().client().dial();
    const { body } = (await bench().gateway.next('INVITE')).message;
    expect(body.match(/^m=/gm)).to.have.length(1);
    expect(body)
      .to.match(/^m=audio /m)
      .and.to.match(/^a=fingerprint:sha-256 /m);
    expect(body)
      .to.match(/^a=rtpmap:\d+ opus\/48000/m)
      .and.to.match(/telephone-event/);
    expect(body).to.contain('a=sendrecv');
    expect(candidates(body)).to.be.at.least(1);
  });

  it('waits for the microphone, and for nothing else: not for a STUN server that never answers', async () => {
    bench().grant = { ice_servers: [{ urls: 'stun:127.0.0.1:34789' }] };
    let grant = () => {};
    bench().prompt = new Promise((resolve) => (grant = resolve));
    bench().client().dial();
    const { gateway } = bench();
    await gateway.next('REGISTER');
    await settled();
    expect(gateway.all('INVITE'), 'nobody’s telephone rings under the prompt').to.be.empty;
    let gathering = '';
    gateway.on('INVITE', () => void (gathering = bench().peers.at(-1)!.iceGatheringState));
    grant();
    const { body } = (await gateway.next('INVITE')).message;
    await until(() => gathering);
    expect(gathering).to.equal('gathering');
    expect(candidates(body)).to.be.at.least(1);
  });

  it('becomes a call with such a STUN server', async () => {
    bench().grant = { ice_servers: [{ urls: ['stun:127.0.0.1:34789'] }] };
    const { call } = await bench().talk();
    expect(call.state).to.equal('active');
  });

  it('leaves without a candidate where none comes, and the far end’s are enough for a call', async () => {
    const { RTCPeerConnection } = globalThis;
    const sdpOf =
      Object.getOwnPropertyDescriptor(RTCPeerConnection.prototype, 'localDescription') ??
      Object.getOwnPropertyDescriptor(Object.getPrototypeOf(RTCPeerConnection.prototype), 'localDescription');
    /** A browser that finds no way out of this machine: gathering begins, and nothing ever comes of it. */
    class Mute extends RTCPeerConnection {
      override get localDescription() {
        const description = sdpOf!.get!.call(this) as RTCSessionDescription | null;
        return (
          description &&
          new RTCSessionDescription({
            type: description.type,
            sdp: description.sdp.replace(/^a=(?:candidate:.*|end-of-candidates)\r\n/gm, ''),
          })
        );
      }
      override get iceGatheringState(): RTCIceGatheringState {
        return 'gathering';
      }
      override addEventListener(name: string, listener: EventListener) {
        if (!name.startsWith('ice')) super.addEventListener(name, listener);
      }
    }
    globalThis.RTCPeerConnection = Mute;
    const { call, invite, farEnd } = await bench().talk();
    expect(candidates(invite.message.body)).to.equal(0);
    expect(invite.message.body).to.match(/^a=ice-ufrag:/m);
    expect(farEnd.connection.connectionState).to.equal('connected');
    expect(call.state).to.equal('active');
  });

  it('with servers that the browser does not take is `token-malformed`, and nothing rings', async () => {
    bench().grant = { ice_servers: [{ urls: 'turn:turn.example' }] };
    const call = bench().client().dial();
    expect(await call.finished).to.include({ outcome: 'failed', code: 'token-malformed' });
    expect(bench().gateway.all('INVITE')).to.be.empty;
    await bench().expectReleased();
  });

  it('is answered by the browser with what is there, for a call from outside', async () => {
    bench().grant = { ice_servers: [{ urls: 'stun:127.0.0.1:34789' }] };
    const client = bench().client();
    await client.connect();
    client.on('incoming', (call) => void call.answer());
    const farEnd = bench().farEnd();
    const dialog = bench().gateway.callIn(await farEnd.offer());
    const answer = await dialog.answer();
    dialog.acknowledge(answer);
    expect(candidates(answer.body)).to.be.at.least(1);
    await farEnd.accept(answer.body);
    await farEnd.connected();
    await reached(client.calls[0]!, 'active');
  });
});
