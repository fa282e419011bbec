import type { CDPSession, Page } from 'puppeteer-core';
import type { Open } from './page/ledger.js';

/** Objects whose instances are counted in the heap, also those that are closed and only still held by somebody. */
const CLASSES = [
  'RTCPeerConnection',
  'MediaStream',
  'MediaStreamTrack',
  'AudioContext',
  'WebSocket',
  'HTMLAudioElement',
  'MutationObserver',
  'IntersectionObserver',
  'ResizeObserver',
  'AbortController',
  'PermissionStatus',
  'SautikitCallButton',
] as const;

const BUTTON_PROTOTYPE = "customElements.get('sautikit-call-button')?.prototype";

/** Where pages forget listeners: what outlives a call. */
const TARGETS = {
  window: 'window',
  document: 'document',
  mediaDevices: 'navigator.mediaDevices',
  visualViewport: 'visualViewport',
  screenOrientation: 'screen.orientation',
  connection: 'navigator.connection',
  serviceWorker: 'navigator.serviceWorker',
  button: "document.querySelector('sautikit-call-button')",
  shadowRoot: "document.querySelector('sautikit-call-button')?.shadowRoot",
} as const;

export interface Count {
  /** Bytes, after collections. */
  heap: number;
  /** Of it what the browser has made of scripts: bytecode, machine code, what it knows of types (bytes). */
  code: number;
  /** Of it what scripts have made: objects, closures, arrays, texts (bytes). */
  objects: number;
  /** Of the objects behind the script's: nodes, media (bytes). */
  embedderHeap: number;
  open: Open;
  listeners: Record<keyof typeof TARGETS, number>;
  alive: Record<(typeof CLASSES)[number], number>;
  /** The browser's own counts, detached nodes among them. */
  browser: { JSEventListeners: number; Nodes: number; Documents: number; Frames: number };
}

/** Counts what there is in a page whose ledger is kept, after forced collections. */
export async function count(page: Page): Promise<Count> {
  const session = await page.createCDPSession();
  try {
    await session.send('Performance.enable');
    await collect(session);
    const { usedSize, embedderHeapUsedSize } = (await session.send('Runtime.getHeapUsage')) as {
      usedSize: number;
      embedderHeapUsedSize?: number;
    };
    const { metrics } = await session.send('Performance.getMetrics');
    const metric = (name: string): number => metrics.find((one) => one.name === name)?.value ?? NaN;
    const { result } = await session.send('Runtime.evaluate', { expression: 'ledger.open()', returnByValue: true });
    return {
      heap: usedSize,
      ...(await heapByKind(session)),
      embedderHeap: embedderHeapUsedSize ?? NaN,
      open: result.value as Open,
      listeners: await eachOf(Object.keys(TARGETS) as (keyof typeof TARGETS)[], (name) =>
        listenersOf(session, TARGETS[name]),
      ),
      alive: await eachOf(CLASSES, (name) => instancesOf(session, name)),
      browser: {
        JSEventListeners: metric('JSEventListeners'),
        Nodes: metric('Nodes'),
        Documents: metric('Documents'),
        Frames: metric('Frames'),
      },
    };
  } finally {
    await session.detach();
  }
}

/** What V8 counts as code is its own, and grows with what was run often; nodes of the browser are on another heap. */
const NOT_OBJECTS: readonly string[] = ['code', 'native', 'synthetic', 'hidden', 'object shape'];

interface Snapshot {
  snapshot: { meta: { node_fields: string[]; node_types: [string[], ...unknown[]] } };
  nodes: number[];
}

/** Of a heap snapshot: how much is code, and how much is what scripts have made. */
async function heapByKind(session: CDPSession): Promise<{ code: number; objects: number }> {
  const parts: string[] = [];
  const onPart = ({ chunk }: { chunk: string }) => void parts.push(chunk);
  session.on('HeapProfiler.addHeapSnapshotChunk', onPart);
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  session.off('HeapProfiler.addHeapSnapshotChunk', onPart);
  const { snapshot, nodes } = JSON.parse(parts.join('')) as Snapshot;
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, size] = [fields.indexOf('type'), fields.indexOf('self_size')];
  const sums = { code: 0, objects: 0 };
  for (let node = 0; node < nodes.length; node += fields.length) {
    const kind = types[0][nodes[node + type]!]!;
    if (kind === 'code') sums.code += nodes[node + size]!;
    else if (!NOT_OBJECTS.includes(kind)) sums.objects += nodes[node + size]!;
  }
  return sums;
}

/** More than once: what a finalizer lets go is only collected the next time. */
export async function collect(session: CDPSession): Promise<void> {
  for (let time = 0; time < 3; time += 1) {
    await session.send('HeapProfiler.collectGarbage');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function eachOf<Name extends string>(
  names: readonly Name[],
  look: (name: Name) => Promise<number>,
): Promise<Record<Name, number>> {
  const found = {} as Record<Name, number>;
  for (const name of names) found[name] = await look(name);
  return found;
}

async function listenersOf(session: CDPSession, expression: string): Promise<number> {
  const { result } = await session.send('Runtime.evaluate', { expression, objectGroup: 'count' });
  if (!result.objectId) return 0;
  const { listeners } = await session.send('DOMDebugger.getEventListeners', { objectId: result.objectId });
  await session.send('Runtime.releaseObjectGroup', { objectGroup: 'count' });
  return listeners.length;
}

async function instancesOf(session: CDPSession, name: string): Promise<number> {
  const { result } = await session.send('Runtime.evaluate', {
    expression: name === 'SautikitCallButton' ? BUTTON_PROTOTYPE : `globalThis.${name}?.prototype`,
    objectGroup: 'count',
  });
  if (!result.objectId) return 0;
  const { objects } = await session.send('Runtime.queryObjects', {
    prototypeObjectId: result.objectId,
    objectGroup: 'count',
  });
  const { result: length } = await session.send('Runtime.callFunctionOn', {
    objectId: objects.objectId!,
    functionDeclaration: 'function () { return this.length; }',
    returnByValue: true,
  });
  await session.send('Runtime.releaseObjectGroup', { objectGroup: 'count' });
  return length.value as number;
}
