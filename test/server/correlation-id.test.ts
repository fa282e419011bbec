import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { correlationIdOf } from '../../src/server/index.js';

const ID = '6f1c2d3e-4b5a-4c6d-8e7f-0123456789ab';

describe('the id of a call, as the page and the gateway name it', () => {
  it('is a random id, also that of a registration', () => {
    assert.equal(correlationIdOf(ID), ID);
    assert.equal(correlationIdOf(ID.toUpperCase()), ID);
    assert.equal(correlationIdOf(`${ID}-register`), ID);
  });

  const none: [string, unknown][] = [
    ['nothing', undefined],
    ['no text', 42],
    ['a list with one in it', [ID]],
    ['a number that is called', '+254722000001'],
    ['a Call-ID of somebody else', `${ID}@192.0.2.7`],
    ['two lines', `${ID}\n{"level":"info","msg":"forged"}`],
    ['a line that ends', `${ID}\n`],
    ['two lines of the other kind', `${ID}\r\nrefused`],
    ['what a terminal obeys', `${ID}\u001b[2J`],
    ['a line separator', `\u2028${ID}`],
    ['more than there is of one', `${ID}0`],
    ['less', ID.slice(1)],
  ];
  for (const [what, value] of none) {
    it(`is not ${what}`, () => assert.equal(correlationIdOf(value), undefined));
  }
});
