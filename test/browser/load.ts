/**
 * `node --import ./scripts/source.ts test/browser/load.ts`: 5,000 sessions at 1,000 events a second for 30 s, looked
 * at in a real Chromium. Prints what the page went through; exit code 1 when its frames or its memory are over bounds.
 */
import { cpus, loadavg } from 'node:os';
import { launchChromium } from '../support/chromium.ts';
import { runLoad } from './load-run.ts';

const LOAD = { sessions: 5000, eventsPerSecond: 1000 };
const SECONDS = Number(process.env.CHARTROOM_LOAD_SECONDS ?? 30);
const MAX_P95_MS = 50;
/** More than a page that keeps nothing of what has passed can take on. */
const MAX_GROWTH_BYTES = 20 * 2 ** 20;
const MAX_NODES = 6000;

const before = loadavg();
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const { strain, made, seconds, engineCpuSeconds } = await runLoad(page, LOAD, SECONDS * 1000);
  const { frames, heap, nodes, received } = strain;
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  console.log(
    `${LOAD.sessions} sessions, ${made} events in ${seconds.toFixed(1)} s (${Math.round(made / seconds)}/s)`,
  );
  console.log(
    `frames: ${frames.count}; p50 ${ms(frames.p50)}, p95 ${ms(frames.p95)}, p99 ${ms(frames.p99)}, longest ${ms(frames.max)}`,
  );
  console.log(
    `heap of the page: ${mb(heap.before)} before, ${mb(heap.after)} after; DOM nodes: ${nodes.before}, ${nodes.after}`,
  );
  console.log(
    `received: ${received.messages} messages, ${mb(received.characters)}, ${Math.round(received.characters / made)} B an event`,
  );
  console.log(`processor time of engine and inspector: ${((100 * engineCpuSeconds) / seconds).toFixed(0)} %`);
  console.log(
    `machine: ${cpus().length} cores, load ${before[0]?.toFixed(2)} before, ${loadavg()[0]?.toFixed(2)} after`,
  );
  const broken = [
    frames.p95 > MAX_P95_MS && `95 of 100 frames are to come within ${MAX_P95_MS} ms`,
    heap.after - heap.before > MAX_GROWTH_BYTES && `the heap is to grow by ${mb(MAX_GROWTH_BYTES)} at most`,
    nodes.after > MAX_NODES && `there are to be ${MAX_NODES} DOM nodes at most`,
    made < LOAD.eventsPerSecond * SECONDS * 0.95 &&
      'the load was not reached: the machine is busy with other things',
  ].filter((each) => each !== false);
  for (const each of broken) console.error(`✗ ${each}`);
  process.exitCode = broken.length > 0 ? 1 : 0;
} finally {
  await browser.close();
}
