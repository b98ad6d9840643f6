/** What a page goes through while it is looked at: its frames, its memory, what it is sent. */
import type { Page } from 'playwright-core';

export interface Strain {
  readonly seconds: number;
  /** Milliseconds from one frame to the next. */
  readonly frames: {
    readonly count: number;
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
    readonly max: number;
  };
  /** Bytes of JavaScript's heap that are alive, after a full collection. */
  readonly heap: { readonly before: number; readonly after: number };
  /** DOM nodes that are alive, after a full collection. */
  readonly nodes: { readonly before: number; readonly after: number };
  /** Characters that came by WebSocket, and in how many messages. */
  readonly received: { readonly characters: number; readonly messages: number };
}

declare global {
  var meter: { characters: number; messages: number; frames: number[] };
}

/** To be called before the page is opened, where it is of interest what comes by WebSocket. */
export async function attachMeter(page: Page): Promise<void> {
  await page.addInitScript(() => {
    globalThis.meter = { characters: 0, messages: 0, frames: [] };
    globalThis.WebSocket = class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        this.addEventListener('message', ({ data }) => {
          globalThis.meter.characters += String(data).length;
          globalThis.meter.messages += 1;
        });
      }
    };
  });
}

/** Of so many milliseconds from now on. */
export async function strainOf(page: Page, ms: number): Promise<Strain> {
  const before = await memoryOf(page);
  const seen = await page.evaluate(async (duration) => {
    const meter = { characters: 0, messages: 0, frames: [] as number[] };
    globalThis.meter = meter;
    const start = performance.now();
    let last = await new Promise<number>(requestAnimationFrame);
    while (last - start < duration) {
      const now = await new Promise<number>(requestAnimationFrame);
      meter.frames.push(now - last);
      last = now;
    }
    return { ...meter, seconds: (last - start) / 1000 };
  }, ms);
  const after = await memoryOf(page);
  const sorted = seen.frames.sort((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return {
    seconds: seen.seconds,
    frames: { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) },
    heap: { before: before.heap, after: after.heap },
    nodes: { before: before.nodes, after: after.nodes },
    received: { characters: seen.characters, messages: seen.messages },
  };
}

async function memoryOf(page: Page): Promise<{ heap: number; nodes: number }> {
  const devtools = await page.context().newCDPSession(page);
  try {
    await devtools.send('HeapProfiler.collectGarbage');
    const { usedSize } = await devtools.send('Runtime.getHeapUsage');
    const { nodes } = await devtools.send('Memory.getDOMCounters');
    return { heap: usedSize, nodes };
  } finally {
    await devtools.detach();
  }
}
