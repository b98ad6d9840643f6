import { expect, it } from 'vitest';
import { useChromium } from '../support/browser.ts';
import { listed, rowOf } from '../support/inspector-page.ts';
import { runLoad } from './load-run.ts';

const pages = useChromium();

// How smoothly it goes depends on the machine: load.ts measures that, for longer.
it('5,000 sessions are all there while a thousand events a second change them, in few elements', async () => {
  const { page } = await pages.open();
  const { strain, made } = await runLoad(page, { sessions: 5000, eventsPerSecond: 1000 }, 5000, async () => {
    await page.getByText('5,000 of 5,000 sessions').waitFor();
    await page.getByRole('searchbox', { name: 'Search by id' }).fill('room-04999');
    await rowOf(page, 'room-04999').waitFor();
    expect(await listed(page)).toEqual(['room-04999']);
  });
  expect(made).toBeGreaterThan(1000);
  expect(strain.received.messages).toBeGreaterThan(10);
  // What came in those seconds is rows that changed, not all rows again and again.
  expect(strain.received.characters / made).toBeLessThan(400);
  expect(strain.nodes.after).toBeLessThan(6000);
  expect(strain.heap.after - strain.heap.before).toBeLessThan(20 * 2 ** 20);
});
