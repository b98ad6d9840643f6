/** Looks at a fleet under load, in a real Chromium, for as long as is asked. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import type { FromFleet, Load } from './load-fleet.ts';
import { attachMeter, type Strain, strainOf } from './load-meter.ts';

export interface LoadResult {
  readonly strain: Strain;
  /** Events of the engine meanwhile, in how many seconds, and the processor time of its process and the inspector. */
  readonly made: number;
  readonly seconds: number;
  readonly engineCpuSeconds: number;
}

const PROGRAM = fileURLToPath(new URL('./load-fleet.ts', import.meta.url));
const SOURCE = fileURLToPath(new URL('../../scripts/source.ts', import.meta.url));

/** `whileLoaded` is called with the page when the measurement is over and the load still goes on. */
export async function runLoad(
  page: Page,
  load: Load,
  ms: number,
  whileLoaded: (page: Page) => Promise<void> = async () => {},
): Promise<LoadResult> {
  const fleet = fork(PROGRAM, [JSON.stringify(load)], { execArgv: ['--import', SOURCE] });
  const ended = once(fleet, 'exit').then(([code]) => {
    throw new Error(`The process of the fleet has ended with exit code ${code}.`);
  });
  ended.catch(() => {});
  const told = <K extends PropertyKey>(key: K) =>
    Promise.race([
      ended,
      new Promise<Extract<FromFleet, Record<K, unknown>>>((resolve) => {
        fleet.on('message', (message: FromFleet) => {
          if (key in message) resolve(message as Extract<FromFleet, Record<K, unknown>>);
        });
      }),
    ]);
  try {
    const { url } = await told('url');
    await attachMeter(page);
    await page.goto(url);
    const all = load.sessions.toLocaleString('en');
    await page.getByText(`${all} of ${all} sessions`).waitFor();
    await page
      .getByRole('link', { name: /^room-/ })
      .first()
      .waitFor();
    fleet.send('start');
    const strain = await strainOf(page, ms);
    const counted = told('made');
    fleet.send('count');
    const { made, seconds, cpuSeconds } = await counted;
    await whileLoaded(page);
    return { strain, made, seconds, engineCpuSeconds: cpuSeconds };
  } finally {
    fleet.disconnect();
  }
}
