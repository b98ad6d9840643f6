/** A real Chromium for tests: the machine's own, or the one that `npm ci` has brought along. */
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const INSTALLED = [
  process.env.CHARTROOM_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Nothing that goes to the network by itself, and no sandbox, which root has not. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function launchChromium(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch(await chromiumLaunch(args));
}

/** What `launch` of Playwright wants. */
export async function chromiumLaunch(args: readonly string[] = []) {
  return { executablePath: await executable(), args: [...QUIET, ...args], headless: true };
}

/** Kills the process of the page: nothing in it has time for a last word. Resolves when it is gone. */
export async function crash(page: Page): Promise<void> {
  const gone = page.waitForEvent('crash');
  const devtools = await page.context().newCDPSession(page);
  devtools.send('Page.crash').catch(() => {});
  await gone;
}

async function executable(): Promise<string> {
  const found = INSTALLED.find((path) => path !== undefined && existsSync(path));
  if (found !== undefined) return found;
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(
      'No Chromium found. Install Chromium or Chrome, or set CHARTROOM_CHROMIUM to its program.',
    );
  // Unpacked on first use, under the folder for temporary files.
  const { default: packed } = await import('@sparticuz/chromium');
  return packed.executablePath();
}
