/** How the selector of every framework's binding behaves, in a page. */
import { expect, it, onTestFinished } from 'vitest';
import { page } from 'vitest/browser';
import type { SessionState } from '../../../src/bindings/index.ts';
import { createSessionManager } from '../../../src/index.ts';
import { drawn, type Framework } from '../../support/framework.ts';
import { scriptedAgent } from '../../support/scripted-agent.ts';

async function open() {
  const manager = createSessionManager({ agent: scriptedAgent });
  onTestFinished(() => manager.close());
  return { manager, session: await manager.createSession({ id: 'ada' }) };
}

export function selectorBehaves({ mount }: Framework): void {
  it('renders again only when what it selects is another', async () => {
    const { manager, session } = await open();
    const renders = { paths: 0, text: 0 };
    mount('selected', manager, {
      id: 'ada',
      select: ({ files }) => files.map(({ path }) => path).join(),
      rendered: () => (renders.paths += 1),
    });
    mount('selected', manager, {
      id: 'ada',
      select: ({ streaming }) => streaming.at(-1)?.text ?? '',
      rendered: () => (renders.text += 1),
    });
    const paths = page.getByRole('status').first();
    const text = page.getByRole('status').last();
    await session.context.addFile('a.ts');
    await expect.element(paths).toHaveTextContent('a.ts');
    const before = renders.paths;
    await session.dispatch({ type: 'ask', turnId: 't', question: '' });
    for (const each of ['one ', 'two ', 'three']) await session.dispatch({ type: 'say', text: each });
    await expect.element(text).toHaveTextContent('one two three');
    expect(renders.paths).toBe(before);
    const told = renders.text;
    await session.context.addFile('b.ts');
    await expect.element(paths).toHaveTextContent('a.ts,b.ts');
    expect(renders).toEqual({ paths: before + 1, text: told });
  });

  it('takes what is equal for the same', async () => {
    const { manager, session } = await open();
    let renders = 0;
    mount('selected', manager, {
      id: 'ada',
      select: ({ messages }) => messages.length,
      isEqual: (a, b) => Math.floor(Number(a) / 2) === Math.floor(Number(b) / 2),
      rendered: () => (renders += 1),
    });
    mount('selected', manager, { id: 'ada', select: ({ messages }) => messages.length });
    const [rough, exact] = [page.getByRole('status').first(), page.getByRole('status').last()];
    await session.send('user', '1');
    await expect.element(exact).toHaveTextContent('1');
    await expect.element(rough).toHaveTextContent('0');
    expect(renders).toBe(1);
    await session.send('user', '2');
    await expect.element(exact).toHaveTextContent('2');
    await expect.element(rough).toHaveTextContent('2');
    expect(renders).toBe(2);
  });

  it('selects anew when what it reads of the page has changed, and listens no more often', async () => {
    const { manager, session } = await open();
    await session.context.put('lines', 3);
    const scaled =
      (factor: number) =>
      ({ workingContext: { lines } }: SessionState) =>
        typeof lines === 'number' ? lines * factor : 'none';
    const { set } = mount('selected', manager, { id: 'ada', select: scaled(1) });
    const status = page.getByRole('status');
    await expect.element(status).toHaveTextContent('3');
    set({ select: scaled(2) });
    await expect.element(status).toHaveTextContent('6');
    // The newest selects the same of this as the first did of what was before.
    await session.context.put('lines', 1.5);
    await expect.element(status).toHaveTextContent('3');
    set({ id: 'bob' });
    await expect.element(status).toHaveTextContent('none');
    set({ id: 'ada' });
    await expect.element(status).toHaveTextContent('3');
    await drawn();
    expect(manager.stats().listeners).toBe(1);
  });

  it('throws what it throws while it renders', async () => {
    const { manager, session } = await open();
    const errors: unknown[] = [];
    const select = ({ messages }: SessionState) => {
      if (messages.length > 0) throw new Error('the selector hit a mine');
      return messages.length;
    };
    mount('selected', manager, { id: 'ada', select }, { caught: (error) => errors.push(error) });
    await expect.element(page.getByRole('status')).toHaveTextContent('0');
    await session.send('user', 'hello');
    await expect.poll(() => errors.map(String)).toEqual(['Error: the selector hit a mine']);
  });
}
