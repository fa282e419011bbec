import { expect } from '@open-wc/testing';
import { SautikitError } from '../../../src/errors.js';

/** The typed error that a promise is rejected with; anything else fails the test. */
export async function rejection(promise: Promise<unknown>): Promise<SautikitError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(SautikitError);
  return error as SautikitError;
}

/** How a promise stands: waits for nothing but what is ready already. */
export async function standing(promise: Promise<unknown>): Promise<'pending' | 'resolved' | 'rejected'> {
  let now: 'pending' | 'resolved' | 'rejected' = 'pending';
  promise.then(
    () => (now = 'resolved'),
    () => (now = 'rejected'),
  );
  for (let i = 0; i < 20; i++) await Promise.resolve();
  return now;
}
