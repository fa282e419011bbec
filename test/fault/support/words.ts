import type { Visitor } from '../../support/visitor.js';

declare global {
  interface Window {
    /** What the panel has said since the page was opened, in order. */
    words: string[];
    /** That part of it which no call says that goes well, each once. */
    worries: string[];
  }
}

/** Runs in the page before its scripts. */
export function keepWords(): void {
  window.words = [];
  window.worries = [];
  setInterval(() => {
    const element = document.querySelector('sautikit-call-button');
    const read = (part: string) => element?.shadowRoot?.querySelector(part)?.textContent?.trim();
    const warning = read('.warning');
    const words = [read('[part~="status"]'), warning].filter(Boolean).join('. ');
    if (!words) return;
    if (words !== window.words.at(-1)) window.words.push(words);
    const isWorry = warning !== undefined || element?.matches(':state(reconnecting)');
    if (isWorry && !window.worries.includes(words)) window.worries.push(words);
    // Often enough for what lasts as long as a connection within one machine takes.
  }, 20);
}

/** What the caller of a call that went on was told of the fault. */
export async function wasTold(visitor: Visitor): Promise<string> {
  const worries = await visitor.page.evaluate(() => window.worries);
  return worries.join(' → ') || 'nothing of it';
}
