/** `node --import ./scripts/source.ts test/browser/tabs/main.ts`: CHARTROOM_TAKEOVERS of them, 200 unless told otherwise. */
import { launchChromium } from '../../support/chromium.ts';
import { Random } from '../../support/random.ts';
import { takeovers } from './takeovers.ts';

const count = Number(process.env.CHARTROOM_TAKEOVERS ?? 200);
const seed = Number(process.env.CHARTROOM_SEED ?? 1);
const browser = await launchChromium();
const begun = performance.now();
try {
  const { deaths, acknowledged, troubles } = await takeovers(browser, count, new Random(seed));
  const ways = Object.entries(deaths).map(([way, times]) => `${way} ${times} ×`);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(
    `${count} takeovers in ${seconds} s: the owner ${ways.join(', ')}; ${acknowledged} messages acknowledged.`,
  );
  for (const trouble of troubles) console.error(trouble);
  process.exitCode = troubles.length > 0 ? 1 : 0;
} finally {
  await browser.close();
}
