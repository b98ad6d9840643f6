/** @jsxImportSource react */
import { expect, it, onTestFinished } from 'vitest';
import { page } from 'vitest/browser';
import { createSessionManager } from '../../src/index.ts';
import { type SessionActions, useSessionActions } from '../../src/react/index.ts';
import { gate } from '../support/gate.ts';
import { mount } from '../support/react/mount.tsx';
import { type ScriptedEvent, scriptedAgent } from '../support/scripted-agent.ts';

function open(initialize?: () => Promise<void>) {
  const manager = createSessionManager({
    agent: scriptedAgent,
    ...(initialize && { hooks: { initialize } }),
  });
  onTestFinished(() => manager.close());
  return manager;
}

it('tells how the latest call is doing, and stays the same functions', async () => {
  const started = gate();
  const manager = open(() => started.promise);
  const creating = manager.createSession({ id: 'ada' });
  const given = new Set<SessionActions<ScriptedEvent>['send']>();
  const sent: unknown[] = [];
  function Box() {
    const { send, dispatch, pending, error, action } = useSessionActions<ScriptedEvent>('ada');
    given.add(send);
    return (
      <>
        <p role="status">{pending ? `${action} is pending` : (error?.code ?? 'at rest')}</p>
        <button type="button" onClick={async () => sent.push((await send('user', 'hello')).id)}>
          send
        </button>
        {/* Nobody looks at its promise. */}
        <button type="button" onClick={() => void send('robot' as 'user', 'hello')}>
          misuse
        </button>
        <button type="button" onClick={() => void dispatch({ type: 'finish' })}>
          finish
        </button>
      </>
    );
  }
  mount(manager, <Box />);
  const status = page.getByRole('status');
  await expect.element(status).toHaveTextContent('at rest');
  await page.getByRole('button', { name: 'send' }).click();
  await expect.element(status).toHaveTextContent('send is pending');
  started.open();
  await creating;
  await expect.element(status).toHaveTextContent('at rest');
  expect(sent).toEqual(['ada:1']);
  await page.getByRole('button', { name: 'misuse' }).click();
  await expect.element(status).toHaveTextContent('INVALID_ARGUMENT');
  await page.getByRole('button', { name: 'finish' }).click();
  await expect.element(status).toHaveTextContent('at rest');
  expect(given.size).toBe(1);
});

it('without an id makes sessions', async () => {
  const manager = open();
  function New() {
    const { create, pending, action } = useSessionActions();
    return (
      <button type="button" disabled={pending} onClick={() => void create({ id: 'ada' })}>
        {action ?? 'new'}
      </button>
    );
  }
  mount(manager, <New />);
  await page.getByRole('button', { name: 'new' }).click();
  await expect.element(page.getByRole('button', { name: 'create' })).toBeEnabled();
  expect(await manager.getSessionInfo('ada')).toMatchObject({ status: 'active' });
});
