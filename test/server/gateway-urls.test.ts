import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inTurn } from '../../src/server/index.js';

const GATEWAYS = ['wss://a.example', 'wss://b.example', 'wss://c.example'];

test('each grant names every gateway, and each gateway is named first as often as the others', () => {
  const next = inTurn(GATEWAYS);
  const lists = Array.from({ length: 9 }, next);
  for (const list of lists) assert.deepEqual([...list].sort(), GATEWAYS);
  for (const url of GATEWAYS) assert.equal(lists.filter(([first]) => first === url).length, 3);
});

test('the others follow in order, so that who takes over a dead gateway’s calls is the next one', () => {
  const next = inTurn(GATEWAYS);
  const list = Array.from({ length: 3 }, next).find(([first]) => first === 'wss://b.example');
  assert.deepEqual(list, ['wss://b.example', 'wss://c.example', 'wss://a.example']);
});

test('a list that is changed by its reader stays whole for the next', () => {
  const next = inTurn(['wss://a.example']);
  next().pop();
  assert.deepEqual(next(), ['wss://a.example']);
});

test('no gateway at all is a mistake of the configuration', () => {
  assert.throws(() => inTurn([]), TypeError);
});
