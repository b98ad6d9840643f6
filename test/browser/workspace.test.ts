import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { useChromium } from '../support/browser.ts';
import {
  askFor,
  begin,
  beginWithSamples,
  CLOCKWORK,
  clockworkAnswered,
  conversation,
  dropOn,
  lit,
  question,
  rowOf,
  sessionList,
  useWorkspaceSite,
} from '../support/workspace-page.ts';

const pages = useChromium();
const site = useWorkspaceSite();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chartroom-dropped-'));
  await mkdir(join(folder, 'garden/beds'), { recursive: true });
  await writeFile(join(folder, 'garden/plan.md'), '# Plan\nThe beans grow behind the shed.\n');
  await writeFile(join(folder, 'garden/beds/north.md'), 'Rhubarb grows in the northern bed.\n');
  await writeFile(join(folder, 'picture.png'), new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe, 0]));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** With a pace in milliseconds there is time to do something in the middle of an answer. */
async function opened(pace = 1): Promise<Page> {
  const { page } = await pages.open();
  await page.goto(`${site.url}?pace=${pace}`);
  await page.getByText('Kept in this browser').waitFor();
  return page;
}

it('a session is begun, given files, asked; it answers piece by piece, and the list says what', async () => {
  const page = await opened(60);
  await page.getByRole('heading', { name: 'No sessions yet' }).waitFor();
  await page.getByRole('button', { name: 'Begin the first one' }).click();
  await page
    .getByLabel('Choose files')
    .first()
    .setInputFiles([join(folder, 'garden/plan.md')]);
  await page.getByRole('heading', { name: 'One file is here' }).waitFor();
  await page.evaluate(() => {
    const seen = new Set<string>();
    Object.assign(globalThis, { seen });
    new MutationObserver(() => {
      const told = document.querySelector('.caret')?.closest('.message');
      if (told?.textContent) seen.add(told.textContent);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  await askFor(page, 'Where do the beans grow?');
  await conversation(page).getByText('plan.md:2', { exact: true }).waitFor();
  await conversation(page).getByText('The beans grow behind the shed.').waitFor();
  expect(await question(page).inputValue()).toBe('');
  await rowOf(page, 'Alder').getByText('The beans grow behind the shed.').waitFor();
  const told = await page.evaluate(() => [...(globalThis as unknown as { seen: Set<string> }).seen]);
  expect(told[0]).toBe('Best of the one file:');
});

it('folders are dropped, and what is no text is refused by name', async () => {
  const page = await opened();
  await begin(page);
  await dropOn(page, join(folder, 'garden'), join(folder, 'picture.png'));
  const files = page.getByRole('list', { name: 'Active files' });
  await files.getByText('garden/plan.md').waitFor();
  await files.getByText('garden/beds/north.md').waitFor();
  const failures = page.getByRole('alert', { name: 'Failures' });
  await failures.getByText('picture.png is no text: only text files, in UTF-8, can be searched.').waitFor();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await askFor(page, 'Where does rhubarb grow?');
  await conversation(page).getByText('garden/beds/north.md:1').waitFor();

  await page.getByRole('button', { name: 'Remove garden/beds/north.md' }).click();
  await files.getByText('garden/beds/north.md').waitFor({ state: 'hidden' });
  await askFor(page, 'Is there any rhubarb?');
  await conversation(page).getByText('mentions “rhubarb”').waitFor();
});

it('files that are dropped where no session is begin one', async () => {
  const page = await opened();
  await page.getByRole('heading', { name: 'No sessions yet' }).waitFor();
  await dropOn(page, join(folder, 'garden/plan.md'));
  await page.getByRole('heading', { name: 'One file is here' }).waitFor();
  await page.getByRole('list', { name: 'Active files' }).getByText('plan.md').waitFor();
  await rowOf(page, 'Alder').waitFor();
});

it('nothing to read begins no session, and is said', async () => {
  const page = await opened();
  await page.getByRole('heading', { name: 'No sessions yet' }).waitFor();
  await mkdir(join(folder, 'bare'), { recursive: true });
  await dropOn(page, join(folder, 'bare'));
  await page.getByText('There is no file in what was dropped.').waitFor();
  await dropOn(page, join(folder, 'picture.png'));
  await page.getByText('picture.png is no text').waitFor();
  expect(await page.getByRole('heading', { name: 'No sessions yet' }).count()).toBe(1);
});

it('the sample files are there for whoever has asked before there were any', async () => {
  const page = await opened();
  await begin(page);
  await askFor(page, 'Where is the clockwork?');
  await conversation(page).getByText('this session has no file to search').waitFor();
  await page.getByRole('button', { name: 'Use sample files' }).click();
  await page.getByRole('list', { name: 'Active files' }).getByText('lighthouse/log.md').waitFor();
  await page.getByRole('button', { name: 'Use sample files' }).waitFor({ state: 'hidden' });
});

it('two sessions may hold different files of one name', async () => {
  const page = await opened();
  const give = async (text: string) => {
    await begin(page);
    await page
      .getByLabel('Choose files')
      .first()
      .setInputFiles([{ name: 'secret.txt', mimeType: 'text/plain', buffer: Buffer.from(text) }]);
    await page.getByRole('heading', { name: 'One file is here' }).waitFor();
  };
  await give('The word is heron.');
  await give('The word is plover.');
  await rowOf(page, 'Alder').click();
  await page.getByRole('heading', { name: 'Alder' }).waitFor();
  await askFor(page, 'What is the word?');
  await conversation(page).getByText('The word is heron.').waitFor();
  expect(await page.getByText('plover').count()).toBe(0);
});

it('one that is killed in mid-answer is shown in trouble, and is recovered with all it held', async () => {
  const page = await opened(500);
  const other = await beginWithSamples(page);
  const name = await beginWithSamples(page);
  await askFor(page, CLOCKWORK);
  await clockworkAnswered(page);
  await lit(page, 'active').waitFor();
  await askFor(page, 'What happens when a ship comes too close to the reef?');
  await conversation(page).getByText('lighthouse/lamp.ts:6').waitFor();
  await page.getByRole('button', { name: 'Kill' }).click();

  await page.getByRole('heading', { name: `${name} was killed` }).waitFor();
  expect(await page.getByRole('main').evaluate((main) => main === document.activeElement)).toBe(true);
  await lit(page, 'terminated').waitFor();
  await page.getByText('active → terminating → terminated').waitFor();
  await sessionList(page).getByRole('list', { name: 'In trouble' }).getByText(name).waitFor();
  await rowOf(page, other).getByText('active').waitFor();
  expect(await begin(page)).not.toBe(name);
  await page.goBack();
  await page.reload();
  await page.getByRole('heading', { name: `${name} was killed` }).waitFor();

  await page.getByRole('button', { name: 'Recover', exact: true }).click();
  await conversation(page).getByText('14 April. The clockwork stopped at 03:10').waitFor();
  await page.getByText('lighthouse/lamp.ts', { exact: true }).waitFor();
  expect(await sessionList(page).getByRole('list', { name: 'In trouble' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Ask again' }).click();
  await conversation(page).getByText('lighthouse/log.md:9').waitFor();
  await page.getByRole('button', { name: 'Ask again' }).waitFor({ state: 'hidden' });
});

it('one in trouble can be given up', async () => {
  const page = await opened();
  const name = await beginWithSamples(page);
  await page.getByRole('button', { name: 'Kill' }).click();
  await page.getByText('What it held is kept: 3 files.', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('heading', { name: 'No sessions yet' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'No sessions yet' }).waitFor();
  expect(await rowOf(page, name).count()).toBe(0);
});

it('one that is terminated is gone for good, once that was confirmed', async () => {
  const page = await opened();
  const name = await beginWithSamples(page);
  const address = page.url();
  await page.getByRole('button', { name: 'Terminate…' }).click();
  const dialog = page.getByRole('dialog', { name: `Terminate ${name}?` });
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await rowOf(page, name).waitFor();
  await page.getByRole('button', { name: 'Terminate…' }).click();
  await dialog.getByRole('button', { name: 'Terminate' }).click();
  await page.getByRole('heading', { name: 'No sessions yet' }).waitFor();
  await page.goto(address);
  await page.reload();
  await page.getByRole('heading', { name: 'This session is gone' }).waitFor();
  const kept = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const opening = indexedDB.open('workspace-files');
        opening.onsuccess = () => {
          const count = opening.result.transaction('texts').objectStore('texts').count();
          count.onsuccess = () => resolve(count.result);
        };
      }),
  );
  expect(kept).toBe(0);
});

it('an answer is stopped, and asked for again', async () => {
  const page = await opened(300);
  await beginWithSamples(page);
  await askFor(page, 'What happens when a ship comes too close to the reef?');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByText('This question has no answer.').waitFor();
  await page.getByRole('button', { name: 'Ask again' }).click();
  await conversation(page).getByText('lighthouse/log.md:9').waitFor();
});

it('an answer that comes while somebody looks elsewhere is marked until it is looked at', async () => {
  const page = await opened(300);
  const first = await beginWithSamples(page);
  await askFor(page, CLOCKWORK);
  await begin(page);
  await rowOf(page, first).getByText('new answer').waitFor();
  await page.reload();
  await rowOf(page, first).getByText('new answer').click();
  await clockworkAnswered(page);
  await rowOf(page, first).getByText('new answer').waitFor({ state: 'hidden' });
});
