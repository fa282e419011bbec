import type { MintProvider } from '../mint/mint-provider.js';
import { createSigner } from '../mint/signer.js';
import type { Config } from './config-schema.js';

/** Who makes the credentials, by the configuration. */
export function createMint(mint: Config['mint']): MintProvider {
  switch (mint.type) {
    case 'signer':
      return createSigner(mint);
  }
}
