import { expect, it } from 'vitest';
import { useChromium } from '../support/browser.ts';
import { askFor, conversation, rowOf, sessionList } from '../support/workspace-page.ts';
import { runWorkspaceLoad } from './workspace-load-run.ts';

const pages = useChromium();

// How smoothly it goes depends on the machine: workspace-load.ts measures that, for longer.
it('200 sessions stream at once, each its own answer, and somebody goes on working among them', async () => {
  const { page } = await pages.open();
  const { strain, answers, pieces, failures } = await runWorkspaceLoad(page, 200, 2000, async () => {
    await sessionList(page).getByText('Sessions (200)').waitFor();
    await sessionList(page).getByText('answering').first().waitFor();
    await rowOf(page, 'Yew 5').click();
    await page.getByRole('heading', { name: 'Yew 5', exact: true }).waitFor();
    await askFor(page, 'Which barometer came with the supply boat?');
    await conversation(page).getByText('21 March. The supply boat brought paraffin').last().waitFor();
  });
  expect(failures).toEqual([]);
  expect(answers).toBeGreaterThan(200);
  expect(pieces).toBeGreaterThan(answers);
  // One conversation and a list are on the page, however many sessions stream.
  expect(strain.nodes.after).toBeLessThan(6000);
});
