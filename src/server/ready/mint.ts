import { createRefreshProvider } from '../mint/refresh.js';
import { createSautikitProvider } from '../mint/sautikit.js';
import { createSigner } from '../mint/signer.js';
import type { MintProvider } from '../mint/mint-provider.js';
import type { Config } from './config-schema.js';
import { keepRefreshToken } from './refresh-token-file.js';

/** Who makes the credentials, by the configuration. */
export async function createMint(mint: Config['mint']): Promise<MintProvider> {
  switch (mint.type) {
    case 'signer':
      return createSigner(mint);
    case 'sautikit':
      return createSautikitProvider(mint);
    case 'refresh': {
      const { refreshToken, keepIn, ...options } = mint;
      return createRefreshProvider({ ...options, ...(await keepRefreshToken(refreshToken, keepIn)) });
    }
  }
}
