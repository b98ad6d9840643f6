/** @jsxImportSource react */
import { useReducer } from 'react';
import { describe, expect, it, onTestFinished } from 'vitest';
import { page } from 'vitest/browser';
import { createSessionManager } from '../../src/index.ts';
import { useSessionSelector } from '../../src/react/index.ts';
import { selectorBehaves } from '../bindings/behaviour/selector.ts';
import { react } from '../support/react/framework.tsx';
import { Boundary, mount } from '../support/react/mount.tsx';
import { scriptedAgent } from '../support/scripted-agent.ts';

function open() {
  const manager = createSessionManager({ agent: scriptedAgent });
  onTestFinished(() => manager.close());
  return manager;
}

describe('as in every framework:', () => selectorBehaves(react));

it('renders again only when what it selects is another', async () => {
  const manager = open();
  const session = await manager.createSession({ id: 'ada' });
  const renders = { paths: 0, text: 0 };
  function Paths() {
    renders.paths += 1;
    const paths = useSessionSelector(
      'ada',
      ({ files }) => files.map(({ path }) => path),
      (a, b) => a.join() === b.join(),
    );
    return (
      <p aria-label="paths" role="note">
        {paths.join()}
      </p>
    );
  }
  function Text() {
    renders.text += 1;
    const text = useSessionSelector('ada', ({ streaming }) => streaming.at(-1)?.text);
    return <p role="status">{text}</p>;
  }
  mount(
    manager,
    <>
      <Paths />
      <Text />
    </>,
  );
  const paths = page.getByRole('note', { name: 'paths' });
  await session.context.addFile('a.ts');
  await expect.element(paths).toHaveTextContent('a.ts');
  const before = renders.paths;
  await session.dispatch({ type: 'ask', turnId: 't', question: '' });
  for (const text of ['one ', 'two ', 'three']) await session.dispatch({ type: 'say', text });
  await expect.element(page.getByRole('status')).toHaveTextContent('one two three');
  expect(renders.paths).toBe(before);
  const told = renders.text;
  await session.context.addFile('b.ts');
  await expect.element(paths).toHaveTextContent('a.ts,b.ts');
  expect(renders).toEqual({ paths: before + 1, text: told });
});

it('takes a selector that is another each time, and its newest one', async () => {
  const manager = open();
  const session = await manager.createSession({ id: 'ada' });
  await session.context.put('lines', [1, 2, 3]);
  let renders = 0;
  function Scaled() {
    renders += 1;
    const [factor, grow] = useReducer((n: number) => n + 1, 1);
    const lines = useSessionSelector('ada', ({ workingContext }) => {
      const value = workingContext.lines;
      return Array.isArray(value) ? value.length * factor : 0;
    });
    return (
      <button type="button" onClick={grow}>
        {lines}
      </button>
    );
  }
  mount(manager, <Scaled />);
  const button = page.getByRole('button');
  await expect.element(button).toHaveTextContent('3');
  const before = renders;
  await button.click();
  await expect.element(button).toHaveTextContent('6');
  expect(renders).toBe(before + 1);
  expect(manager.stats().listeners).toBe(1);
});

it('throws what a selector throws while it renders', async () => {
  const manager = open();
  const session = await manager.createSession({ id: 'ada' });
  function Fragile() {
    const first = useSessionSelector('ada', ({ messages }) => {
      if (messages.length > 0) throw new Error('the selector hit a mine');
      return messages.length;
    });
    return <p role="status">{first}</p>;
  }
  mount(
    manager,
    <Boundary>
      <Fragile />
    </Boundary>,
  );
  await expect.element(page.getByRole('status')).toHaveTextContent('0');
  await session.send('user', 'hello');
  await expect.element(page.getByRole('alert')).toHaveTextContent('the selector hit a mine');
});
