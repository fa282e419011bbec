import { createRequire } from 'node:module';

/** What the gateway uses of JsSIP's parser. JsSIP publishes no types for it. */
export interface ParsedUri {
  clearHeaders(): void;
  toString(): string;
  toAor(): string;
}

export interface ParsedAddress {
  uri: ParsedUri;
  getParam(name: string): string | null | undefined;
}

export interface ParsedMessage {
  method?: string;
  ruri?: ParsedUri;
  status_code?: number;
  from?: ParsedAddress;
  from_tag?: string;
  to?: ParsedAddress;
  to_tag?: string;
  via_branch?: string;
  call_id?: string;
  cseq?: number;
  body: string;
  getHeader(name: string): string | undefined;
  getHeaders(name: string): string[];
  parseHeader(name: string): unknown;
}

interface Parser {
  parseMessage(data: string): ParsedMessage | undefined;
}

// JsSIP is CommonJS, and this module of it stands in no `exports`.
export const parser = createRequire(import.meta.url)('jssip/lib/Parser.js') as Parser;
