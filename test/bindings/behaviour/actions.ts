/** How the actions of every framework's binding behave, in a page. */
import { expect, it, onTestFinished } from 'vitest';
import { page } from 'vitest/browser';
import { createSessionManager } from '../../../src/index.ts';
import { drawn, type Framework } from '../../support/framework.ts';
import { gate } from '../../support/gate.ts';
import { scriptedAgent } from '../../support/scripted-agent.ts';

function open(initialize?: () => Promise<void>) {
  const manager = createSessionManager({
    agent: scriptedAgent,
    ...(initialize && { hooks: { initialize } }),
  });
  onTestFinished(() => manager.close());
  return manager;
}

const button = (name: string) => page.getByRole('button', { name });

export function actionsBehave({ mount }: Framework): void {
  it('tell how the latest call is doing, return its promise, and stay the same functions', async () => {
    const started = gate();
    const manager = open(() => started.promise);
    const creating = manager.createSession({ id: 'ada' });
    const sent: string[] = [];
    const functions = new Set<unknown>();
    mount('box', manager, {
      id: 'ada',
      called: (send) => functions.add(send),
      sent: (id) => sent.push(id),
    });
    const status = page.getByRole('status');
    await expect.element(status).toHaveTextContent('at rest');
    await button('send').click();
    await expect.element(status).toHaveTextContent('send is pending');
    started.open();
    await creating;
    await expect.element(status).toHaveTextContent('at rest');
    expect(sent).toEqual(['ada:1']);
    await button('misuse').click();
    await expect.element(status).toHaveTextContent('INVALID_ARGUMENT');
    await button('finish').click();
    await expect.element(status).toHaveTextContent('at rest');
    expect(functions.size).toBe(1);
  });

  it('go to the session of the present id, and say so where there is none', async () => {
    const manager = open();
    for (const id of ['ada', 'bob']) await manager.createSession({ id });
    const sent: string[] = [];
    const { set } = mount('box', manager, { sent: (id) => sent.push(id) });
    const status = page.getByRole('status');
    await button('misuse').click();
    await expect.element(status).toHaveTextContent('INVALID_SESSION_ID');
    set({ id: 'ada' });
    await expect.element(status).toHaveTextContent('at rest');
    await button('send').click();
    await expect.poll(() => sent).toEqual(['ada:1']);
    set({ id: 'bob' });
    await button('send').click();
    await expect.poll(() => sent).toEqual(['ada:1', 'bob:1']);
  });

  it('go on when what made them is unmounted, and tell nobody', async () => {
    const started = gate();
    const manager = open(() => started.promise);
    const creating = manager.createSession({ id: 'ada' });
    const sent: string[] = [];
    let renders = 0;
    const { unmount } = mount('box', manager, {
      id: 'ada',
      called: () => (renders += 1),
      sent: (id) => sent.push(id),
    });
    await button('send').click();
    await expect.element(page.getByRole('status')).toHaveTextContent('send is pending');
    unmount();
    const before = renders;
    started.open();
    await creating;
    await expect.poll(() => sent).toEqual(['ada:1']);
    await drawn();
    expect(renders).toBe(before);
  });

  it('without an id make sessions', async () => {
    const manager = open();
    mount('maker', manager, {});
    await button('new').click();
    await expect.element(button('create')).toBeEnabled();
    expect(await manager.getSessionInfo('ada')).toMatchObject({ status: 'active' });
  });
}
