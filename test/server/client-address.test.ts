import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { createClientAddress, rememberPeer, type ClientAddressOptions } from '../../src/server/client-address.js';
import { countedAs, inBlock, parseIp, parseIpBlock } from '../../src/server/ip-address.js';
import { toNodeListener } from '../../src/server/index.js';

const from = (peer: string | undefined, headers: Record<string, string>, options?: ClientAddressOptions) => {
  const request = new Request('https://api.test/token', { headers });
  rememberPeer(request, peer);
  return createClientAddress(options)(request);
};

const forwarded = (list: string) => ({ 'X-Forwarded-For': list });
const behind = (...trustedProxies: string[]): ClientAddressOptions => ({ trustedProxies });

describe('who asks', () => {
  it('is the other end of the socket, whatever a header claims', () => {
    const claims = { ...forwarded('192.0.2.1'), Forwarded: 'for=192.0.2.1', 'X-Real-IP': '192.0.2.1' };
    assert.equal(from('203.0.113.7', claims), '203.0.113.7');
    assert.equal(from('203.0.113.7', claims, behind('10.0.0.0/8')), '203.0.113.7');
  });

  it('is who the trusted proxy says', () => {
    assert.equal(from('10.1.2.3', forwarded('203.0.113.7'), behind('10.0.0.0/8')), '203.0.113.7');
    assert.equal(from('::ffff:10.1.2.3', forwarded('203.0.113.7'), behind('10.0.0.0/8')), '203.0.113.7');
  });

  it('is what the last proxy wrote, not what the visitor had written before', () => {
    assert.equal(from('10.0.0.1', forwarded('192.0.2.1, 203.0.113.7'), behind('10.0.0.1')), '203.0.113.7');
    assert.equal(from('10.0.0.1', forwarded('10.0.0.9, 203.0.113.7'), behind('10.0.0.0/8')), '203.0.113.7');
  });

  it('is found through several trusted proxies', () => {
    const list = forwarded('192.0.2.1, 203.0.113.7, 10.0.0.2, 172.16.0.3');
    assert.equal(from('10.0.0.1', list, behind('10.0.0.0/8', '172.16.0.0/12')), '203.0.113.7');
    assert.equal(from('10.0.0.1', list, behind('10.0.0.0/8')), '172.16.0.3');
  });

  it('is the farthest proxy where all of them are trusted', () => {
    assert.equal(from('10.0.0.1', forwarded('10.0.0.3, 10.0.0.2'), behind('10.0.0.0/8')), '10.0.0.3');
  });

  for (const garbage of ['', 'unknown', '192.0.2.1 203.0.113.7', '192.0.2.999', '::1::', "'; DROP", '0x7f.1']) {
    it(`is the proxy itself where that says "${garbage}"`, () => {
      assert.equal(from('10.0.0.1', forwarded(garbage), behind('10.0.0.1')), '10.0.0.1');
      assert.equal(from('10.0.0.1', forwarded(`192.0.2.1, ${garbage || 'x'}`), behind('10.0.0.1')), '10.0.0.1');
    });
  }

  it('may come with a port', () => {
    assert.equal(from('10.0.0.1', forwarded('203.0.113.7:5000'), behind('10.0.0.1')), '203.0.113.7');
    assert.equal(from('10.0.0.1', forwarded('[2001:db8::7]:5000'), behind('10.0.0.1')), '2001:db8::7');
  });

  it('is read from Forwarded where that is what the proxies write, and then from nothing else', () => {
    const options = { trustedProxies: ['10.0.0.0/8'], header: 'forwarded' } as const;
    const said = (Forwarded: string) => from('10.0.0.1', { Forwarded, ...forwarded('192.0.2.1') }, options);
    assert.equal(said('for=192.0.2.60;proto=http, FOR="[2001:db8:cafe::17]:4711";by=10.0.0.1'), '2001:db8:cafe::17');
    assert.equal(said('for="203.0.113.7:80";host="a,for=192.0.2.1", for=10.0.0.4'), '203.0.113.7');
    assert.equal(said('by=10.0.0.1'), '10.0.0.1');
    assert.equal(said('for=_hidden'), '10.0.0.1');
    assert.equal(from('10.0.0.1', { Forwarded: 'for=192.0.2.1' }, behind('10.0.0.0/8')), '10.0.0.1');
  });

  it('cannot be forged by quotes that a visitor leaves open, nor by what a proxy quotes', () => {
    const options = { trustedProxies: ['10.0.0.0/8'], header: 'forwarded' } as const;
    const said = (Forwarded: string) => from('10.0.0.1', { Forwarded }, options);
    for (const claimed of ['for=192.0.2.1;by="', 'for=192.0.2.1;by="\\', '"', 'for="192.0.2.1']) {
      assert.equal(said(`${claimed}, for="[2001:db8::17]"`), '2001:db8::17');
      assert.equal(said(`${claimed}, for=203.0.113.7;host="shop.example"`), '203.0.113.7');
      assert.equal(said(`${claimed}, for="[2001:db8::17]", for="10.0.0.2:80"`), '2001:db8::17');
    }
    assert.equal(said('host="a;for=192.0.2.1;b";for=203.0.113.7'), '203.0.113.7');
  });

  it('is unknown where there is no socket', () => {
    assert.equal(from(undefined, forwarded('192.0.2.1'), behind('0.0.0.0/0', '::/0')), undefined);
  });

  for (const block of ['10.0.0.0/33', '10.0.0/8', '10.0.0.0/', '10.0.0.0/8/8', '::/129', 'proxy', '', '10.0.0.0/-1']) {
    it(`is not looked for at all with a trusted proxy "${block}"`, () => {
      assert.throws(() => createClientAddress(behind(block)), /is no block/);
    });
  }

  it('is known of a request that came through node:http', async () => {
    const ask = createClientAddress();
    const server = createServer(toNodeListener(async (request) => new Response(ask(request))));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const answer = await fetch(url, { headers: forwarded('192.0.2.1') });
      assert.equal(await answer.text(), '127.0.0.1');
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

describe('an address', () => {
  const counted = (text: string) => {
    const address = parseIp(text);
    return address && countedAs(address);
  };

  it('of IPv6 is counted with its /64', () => {
    assert.equal(counted('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64');
    assert.equal(counted('2001:db8:1:2::'), counted('2001:0db8:0001:0002:ffff::1'));
    assert.notEqual(counted('2001:db8:1:2::1'), counted('2001:db8:1:3::1'));
  });

  it('of IPv4 is counted alone, also where IPv6 carries it', () => {
    assert.equal(counted('203.0.113.7'), '203.0.113.7');
    assert.equal(counted('::ffff:203.0.113.7'), '203.0.113.7');
    assert.equal(counted('::FFFF:cb00:7107'), '203.0.113.7');
  });

  it('has no second name', () => {
    for (const same of ['fe80::1%eth0', 'FE80:0:0:0:0:0:0:1', 'fe80::0:1'])
      assert.equal(counted(same), 'fe80:0:0:0::/64');
    for (const none of [
      '01234::',
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
      '1::2::3',
      ':1',
      '1.2.3',
      '1.2.3.4.5',
      '256.1.1.1',
    ]) {
      assert.equal(counted(none), undefined, none);
    }
  });

  it('lies in a block or beside it, to the bit', () => {
    const inside = (address: string, block: string) => inBlock(parseIp(address)!, parseIpBlock(block));
    assert.ok(inside('172.31.255.255', '172.16.0.0/12'));
    assert.ok(!inside('172.32.0.0', '172.16.0.0/12'));
    assert.ok(inside('2001:db8:8000::1', '2001:db8:8000::/33'));
    assert.ok(!inside('2001:db8:7fff::1', '2001:db8:8000::/33'));
    assert.ok(!inside('::1', '0.0.0.0/0'));
    assert.ok(inside('8.8.8.8', '::/0'));
  });
});
