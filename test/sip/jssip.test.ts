import { expect } from '@open-wc/testing';
import { JsSipRTCSession, JsSipUA, parseMessage } from './support/shipped.js';

/** Members that `src/sip/jssip.ts` writes down, by the class that has them: a new JsSIP may have renamed one. */
const session = [
  'on',
  'emit',
  'isEstablished',
  'isEnded',
  'connect',
  'answer',
  'terminate',
  'sendDTMF',
  'isReadyToReOffer',
  '_receiveInviteResponse',
  '_sendReinvite',
  'onTransportError',
  'onRequestTimeout',
  'onDialogError',
];
const userAgent = ['on', 'start', 'stop', 'isConnected', 'isRegistered', 'register', 'registrator'];

describe('JsSIP, as it ships', () => {
  it('has every method that we call or replace', () => {
    const missing = (type: { prototype: object }, names: string[]) =>
      names.filter((name) => typeof (type.prototype as Record<string, unknown>)[name] !== 'function');
    expect(missing(JsSipRTCSession, session)).to.be.empty;
    expect(missing(JsSipUA, userAgent)).to.be.empty;
  });

  it('parses what is SIP, and answers nothing for the rest', () => {
    const request = parseMessage(
      [
        'INVITE sip:a@b.example SIP/2.0',
        'Via: SIP/2.0/WSS x.invalid;branch=z9hG4bK1',
        'From: "Élodie \\"E\\" Ngũgĩ" <sip:e@b.example>;tag=1',
        'To: <sip:a@b.example>',
        'Call-ID: 1',
        'CSeq: 7 INVITE',
        'Contact: <sip:e@192.0.2.1:5060;transport=ws>',
        'Content-Length: 0',
        '\r\n',
      ].join('\r\n'),
    );
    expect(request).to.include({ method: 'INVITE', call_id: '1', cseq: 7, from_tag: '1', via_branch: 'z9hG4bK1' });
    expect(request!.from.display_name).to.contain('Ngũgĩ');
    expect(request!.parseHeader('contact')!.uri.toString()).to.equal('sip:e@192.0.2.1:5060;transport=ws');
    for (const text of ['', 'x', 'INVITE sip:a SIP/2.0', 'HTTP/1.1 200 OK\r\n\r\n']) {
      expect(parseMessage(text), text).to.equal(undefined);
    }
  });
});
