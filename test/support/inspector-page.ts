/** The inspector's page as a person finds their way in it: by what is written and what is read out. */
import type { FrameLocator, Locator, Page } from 'playwright-core';

/** Where the app is: a page of its own, or a frame in another. */
export type Shown = Page | FrameLocator;

/** Opens the page, and waits for its connection. */
export async function openInspector(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await connection(page, 'Live').waitFor();
}

/** The word for the line to the inspector. */
export const connection = (page: Shown, word: 'Live' | 'Connection lost' | 'Closed'): Locator =>
  page.getByRole('banner').getByText(word, { exact: true });

export const grid = (page: Shown): Locator => page.getByRole('grid', { name: 'Sessions' });

/** The line of one session in the fleet. */
export const rowOf = (page: Shown, id: string): Locator =>
  grid(page)
    .getByRole('row')
    .filter({ has: page.getByRole('link', { name: id, exact: true }) });

/** The ids in the fleet, as they are seen from top to bottom. */
export function listed(page: Page): Promise<string[]> {
  return grid(page)
    .getByRole('row')
    .evaluateAll((rows) =>
      rows
        .filter((row) => row.querySelector('a'))
        .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .map((row) => row.querySelector('a')?.textContent ?? ''),
    );
}

/** Opens a session from the fleet. */
export async function openSession(page: Shown, id: string): Promise<void> {
  await page.getByRole('link', { name: id, exact: true }).click();
  await page.getByRole('heading', { level: 1, name: id, exact: true }).waitFor();
}

/** Goes to one of the views by the list of views. */
export async function goTo(page: Shown, view: 'Fleet' | 'Apps' | 'Engine' | 'Traces'): Promise<void> {
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: view }).click();
  await page.getByRole('heading', { level: 1, name: view }).waitFor();
}

export const chart = (page: Shown): Locator => page.getByRole('region', { name: 'Chart', exact: true });
export const timeline = (page: Shown): Locator => page.getByRole('region', { name: 'Timeline' });
export const contents = (page: Shown): Locator => page.getByRole('region', { name: 'Contents' });
export const time = (page: Shown): Locator => page.getByRole('group', { name: 'Time', exact: true });
export const scrubber = (page: Shown): Locator => page.getByRole('slider', { name: 'Moment' });

/** A state of the chart in which the machine is. */
export const lit = (page: Shown, state: string): Locator =>
  chart(page).locator(`svg [data-state="${state}"].active`);

/** Opens a panel beside the chart, and is what it shows. */
export async function panel(
  page: Shown,
  name: 'Conversation' | 'Files' | 'State' | 'Actors' | 'About' | 'Compare',
): Promise<Locator> {
  await contents(page).getByRole('tab', { name }).click();
  return contents(page).getByRole('tabpanel', { name });
}

/** Draws the scrubber to where so many entries have happened. */
export async function scrubTo(page: Page, n: number): Promise<void> {
  await scrubber(page).fill(String(n));
  await page.getByText(new RegExp(`^${n} / \\d+$`)).waitFor();
}

/** Opens a trace by the file chooser. */
export async function openTrace(
  page: Page,
  file: string | { name: string; mimeType: string; buffer: Buffer },
) {
  await goTo(page, 'Traces');
  await page.getByLabel('Trace file').setInputFiles(file);
}
