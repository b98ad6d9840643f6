/**
 * `node --import ./scripts/source.ts test/browser/workspace-pictures.ts`: makes the pictures of the example app that
 * the README shows, light and dark: one session in the middle of an answer, one in trouble, one with news.
 */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { launchChromium } from '../support/chromium.ts';
import {
  askFor,
  beginWithSamples,
  CLOCKWORK,
  conversation,
  rowOf,
  serveWorkspace,
} from '../support/workspace-page.ts';

const pictures = fileURLToPath(new URL('../../examples/workspace/pictures/', import.meta.url));
const PACE_MS = 1500;
const SHIP = 'What happens when a ship comes too close to the reef?';

await mkdir(pictures, { recursive: true });
await using site = await serveWorkspace();
const browser = await launchChromium();
try {
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ colorScheme, viewport: { width: 1200, height: 700 } });
    const page = await context.newPage();
    await page.goto(`${site.url}?pace=${PACE_MS}`);
    const read = await beginWithSamples(page);
    await askFor(page, CLOCKWORK);
    const news = await beginWithSamples(page);
    await askFor(page, 'Which barometer came with the supply boat?');
    await beginWithSamples(page);
    await page.getByRole('button', { name: 'Kill' }).click();
    const told = await beginWithSamples(page);
    await rowOf(page, news).getByText('new answer').waitFor();
    await rowOf(page, read).click();
    await conversation(page).getByText('14 April').waitFor();
    await rowOf(page, told).click();
    await page.getByRole('heading', { name: told }).waitFor();
    await askFor(page, 'What did the keeper do in March?');
    await page.getByRole('button', { name: 'Stop', exact: true }).waitFor();
    await page
      .getByRole('button', { name: 'Stop', exact: true })
      .waitFor({ state: 'hidden', timeout: 60_000 });
    await askFor(page, SHIP);
    await conversation(page).getByText('lighthouse/lamp.ts:14').waitFor();
    await page.mouse.move(0, 0);
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.screenshot({ path: `${pictures}workspace.${colorScheme}.png`, animations: 'disabled' });
    await context.close();
  }
} finally {
  await browser.close();
}
