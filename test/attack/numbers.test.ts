import assert from 'node:assert/strict';
import { attacks } from './support/attack.js';
import { CALLER_ID } from './support/targets.js';

/** What a signed-in caller may dial, and what of it he may not. */
const DIAL = { allow: ['+2547', '+1', '+44'], deny: ['+254790', '+1900'], callerIds: [CALLER_ID], maxDuration: 60 };
const GOOD = '+254722000001';
const EVIL = '+19005550100';

/** Request URIs that look like a number that may be dialed, or like nothing, and mean another one. */
const TRICKS: Record<string, string> = {
  'a number outside of the prefixes': `sip:+8816000000@gateway.invalid`,
  'a number behind a refused prefix': `sip:${EVIL}@gateway.invalid`,
  'a refused prefix within an allowed one': 'sip:+254790000001@gateway.invalid',
  'phone-context': `sip:${GOOD};phone-context=+1900@gateway.invalid`,
  'a local number with phone-context': 'sip:5550100;phone-context=+1900@gateway.invalid',
  'rn= (number portability)': `sip:${GOOD};rn=${EVIL}@gateway.invalid`,
  'npdi and rn= behind the host': `sip:${GOOD}@gateway.invalid;npdi;rn=${EVIL}`,
  'isub=': `sip:${GOOD};isub=12345@gateway.invalid`,
  'ext=': `sip:${GOOD};ext=99@gateway.invalid`,
  'cic= (carrier)': `sip:${GOOD};cic=+19005@gateway.invalid`,
  'tgrp= (trunk group)': `sip:${GOOD};tgrp=premium;trunk-context=evil.example@gateway.invalid`,
  'user=phone': `sip:${GOOD};postd=99@gateway.invalid;user=phone`,
  '00 for the plus': 'sip:00254722000001@gateway.invalid',
  '011 for the plus': 'sip:01119005550100@gateway.invalid',
  'no plus': 'sip:254722000001@gateway.invalid',
  'two pluses': `sip:+${GOOD}@gateway.invalid`,
  'a national number': 'sip:0722000001@gateway.invalid',
  '*72 (call forwarding)': `sip:*72${GOOD}@gateway.invalid`,
  '*21*…# (call forwarding)': `sip:*21*${EVIL}%23@gateway.invalid`,
  '#31# (hidden caller)': `sip:%2331%23${GOOD}@gateway.invalid`,
  'a feature code alone': 'sip:*97@gateway.invalid',
  '% escapes in the number': 'sip:+25472200000%31@gateway.invalid',
  'an escaped plus': 'sip:%2B254722000001@gateway.invalid',
  'an escaped at sign': `sip:${EVIL}%40evil.example%00${GOOD}@gateway.invalid`,
  'an escaped NUL': `sip:${GOOD}%00@gateway.invalid`,
  'escaped CRLF': `sip:${GOOD}%0d%0aX-Evil:%201@gateway.invalid`,
  'post-dial commas': `sip:${GOOD},,9,${EVIL}@gateway.invalid`,
  'post-dial p and w': `sip:${GOOD}p9w${EVIL}@gateway.invalid`,
  'post-dial semicolon': `sip:${GOOD};9${EVIL}@gateway.invalid`,
  'visual separators': 'sip:+254-722-000-001@gateway.invalid',
  'dots and brackets': 'sip:+(254)722.000.001@gateway.invalid',
  letters: 'sip:+1800FLOWERS@gateway.invalid',
  'a number that is too long': `sip:${GOOD}19005550100@gateway.invalid`,
  'a number that is too short': 'sip:+254722@gateway.invalid',
  'a plus alone': 'sip:+@gateway.invalid',
  'a country code of zeros': 'sip:+0254722000001@gateway.invalid',
  'emergency 112': 'sip:112@gateway.invalid',
  'emergency 911': 'sip:911@gateway.invalid',
  'emergency 999': 'sip:999@gateway.invalid',
  'emergency behind a country code': 'sip:+1911@gateway.invalid',
  'emergency behind a country code, padded': 'sip:+19110000000@gateway.invalid',
  'emergency with a plus': 'sip:+112@gateway.invalid',
  'emergency in Kenya': 'sip:+254999@gateway.invalid',
  'urn:service:sos': 'urn:service:sos',
  'tel: URI': `tel:${EVIL}`,
  'tel: URI that may be dialed': `tel:${GOOD}`,
  'a password in the URI': `sip:${GOOD}:99@gateway.invalid`,
  'two at signs': `sip:${GOOD}@${EVIL}@gateway.invalid`,
  'digits of another script': 'sip:+٢٥٤٧٢٢٠٠٠٠٠١@gateway.invalid',
  'full-width digits': 'sip:＋２５４７２２０００００１@gateway.invalid',
  'headers in the URI': `sip:${GOOD}@gateway.invalid?Route=%3Csip:198.51.100.9%3E`,
  'another number in To, none in the URI': 'sip:call@gateway.invalid',
  'an extension of the PBX': 'sip:1001@gateway.invalid',
  'the address of a line': 'sip:agent4711-rings@gateway.invalid',
};

attacks(
  'numbers',
  (attack) => {
    for (const [name, uri] of Object.entries(TRICKS)) {
      attack(`may dial: ${name}`, async (thief) => {
        const token = await thief.token('busy', { endpoint: 'dial', subject: 'visitor' });
        const sent = thief.invite({ token, uri, to: `<sip:${EVIL}@gateway.invalid>` });
        const met = await thief.held(sent);
        const allowed = thief.target.backend.verdicts.find(
          ({ callId, status }) => callId === sent.callId && status === 200,
        );
        // Where both sides read the same allowed number in it, that one may be called, and nothing else.
        if (allowed) assert.match(String(allowed.answer['callee']), new RegExp(`^sip:\\${GOOD}@`));
        return met;
      });
    }

    attack('may call its line: each of these', async (thief) => {
      const met = new Set<string>();
      for (const uri of Object.values(TRICKS)) {
        // A connection of its own, since one may have so many calls and no more.
        const client = await thief.connect();
        met.add(await thief.held(thief.invite({ token: await thief.token('busy'), uri, client })));
      }
      return [...met].join('; ');
    });

    attack('may dial: a number that may be dialed, at a host of the thief’s', async (thief) => {
      const token = await thief.token('busy', { endpoint: 'dial', subject: 'visitor' });
      const sent = thief.invite({ token, uri: `sip:${GOOD}@198.51.100.9:5080` });
      const { uri } = await thief.rightful(sent);
      assert.ok(uri?.startsWith(`sip:${GOOD}@`) && !uri.includes('198.51.100.9'));
      return 'the number was called where the owner says';
    });

    attack('may dial: under another’s number', async (thief) => {
      const token = await thief.token('busy', { endpoint: 'dial', subject: 'visitor' });
      const from = '"Bank" <sip:+254711111111@gateway.invalid>';
      const sent = thief.invite({ token, uri: `sip:${GOOD}@gateway.invalid`, from });
      return await thief.held(sent);
    });

    attack('may dial: two numbers with one grant', async (thief) => {
      const token = await thief.token('busy', { endpoint: 'dial', subject: 'visitor' });
      const first = thief.invite({ token, uri: `sip:${GOOD}@gateway.invalid` });
      await thief.rightful(first);
      return await thief.refused(thief.invite({ token, uri: 'sip:+254722000002@gateway.invalid' }));
    });
  },
  { dial: DIAL, users: [GOOD, '+254722000002'] },
);
