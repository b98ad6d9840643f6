/** How the views of every framework's binding behave, in a page. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { page } from 'vitest/browser';
import { createSessionManager, type SessionManagerOptions } from '../../../src/index.ts';
import { drawn, type Framework } from '../../support/framework.ts';
import { gate } from '../../support/gate.ts';
import { scriptedAgent } from '../../support/scripted-agent.ts';

function open(options?: SessionManagerOptions<typeof scriptedAgent>) {
  const manager = createSessionManager({ agent: scriptedAgent, ...options });
  onTestFinished(() => manager.close());
  return manager;
}

const status = (id: string) => page.getByRole('region', { name: id }).getByRole('status');
const row = (id: string) => page.getByRole('listitem').filter({ hasText: id });

export function viewsBehave({ mount }: Framework): void {
  describe('a list', () => {
    it('shows the sessions as they come and go, and renders again only the rows that changed', async () => {
      const manager = open();
      await manager.createSession({ id: 'ada' });
      await manager.createSession({ id: 'bob' });
      const rendered: string[] = [];
      mount('sessions', manager, { rendered: (id) => rendered.push(id) });
      const list = page.getByRole('list', { name: 'sessions' });
      await expect.element(list).toHaveTextContent('ada 0bob 0');
      await manager.sendMessage('bob', 'user', 'hello');
      await expect.element(list).toHaveTextContent('ada 0bob 1');
      expect(rendered).toEqual(['ada', 'bob', 'bob']);
      await manager.createSession({ id: 'cleo' });
      await manager.terminateSession('ada');
      await expect.element(list).toHaveTextContent('bob 1cleo 0');
      expect(rendered.filter((id) => id !== 'cleo')).toEqual(['ada', 'bob', 'bob']);
      expect(manager.stats().listeners).toBe(1);
    });

    it('follows its filter', async () => {
      const manager = open({ hooks: { initialize: ({ id }) => (id === 'bob' ? never.promise : undefined) } });
      const never = gate();
      onTestFinished(() => never.open());
      await manager.createSession({ id: 'ada' });
      void manager.createSession({ id: 'bob' });
      const { set } = mount('sessions', manager, { filter: { status: 'active' } });
      await expect.element(row('ada')).toBeVisible();
      expect(row('bob').query()).toBeNull();
      set({ filter: { status: 'initializing' } });
      await expect.element(row('bob')).toBeVisible();
      await expect.element(row('ada')).not.toBeInTheDocument();
      set({ filter: undefined });
      await expect.element(row('ada')).toBeVisible();
      await drawn();
      expect(manager.stats().listeners).toBe(1);
    });

    it('that is refused says why', async () => {
      mount('sessions', open(), { filter: { limit: -1 } });
      await expect.element(page.getByRole('status')).toHaveTextContent('INVALID_ARGUMENT');
    });

    it('shows first what the page was handed', async () => {
      const manager = open();
      await manager.createSession({ id: 'ada' });
      const sessions = await manager.listSessions();
      await manager.createSession({ id: 'bob' });
      mount('sessions', manager, {}, { initialData: { sessions } });
      expect(page.getByRole('list', { name: 'sessions' }).element().textContent?.trim()).toBe('ada 0');
      await expect.element(row('bob')).toBeVisible();
    });
  });

  describe('a session', () => {
    it('that is made on mount is one, however many ask for it', async () => {
      const made: string[] = [];
      const manager = open({ hooks: { initialize: ({ id }) => void made.push(id) } });
      mount('room', manager, { id: 'ada', create: true });
      mount('room', manager, { id: 'ada', create: true }).unmount();
      mount('room', manager, { id: 'ada', create: true });
      await expect.element(status('ada').first()).toHaveTextContent('active');
      await expect.element(status('ada').last()).toHaveTextContent('active');
      expect(made).toEqual(['ada']);
      await manager.terminateSession('ada');
      await expect.element(status('ada').first()).toHaveTextContent('SESSION_NOT_FOUND');
      await drawn();
      expect(made).toEqual(['ada']);
    });

    it('is made though nothing of it is shown, and so is the one of the next id', async () => {
      const manager = open();
      const { set, unmount } = mount('silent', manager, { id: 'ada' });
      const ids = async () => (await manager.listSessions({ status: 'active' })).map(({ id }) => id);
      await expect.poll(ids).toEqual(['ada']);
      set({ id: 'bob' });
      await expect.poll(ids).toEqual(['ada', 'bob']);
      unmount();
      await drawn();
      expect(manager.stats()).toMatchObject({ listeners: 0, streams: 0 });
    });

    it('is quiet when it is unmounted while it initializes', async () => {
      const started = gate();
      const manager = open({ hooks: { initialize: () => started.promise } });
      let renders = 0;
      const { unmount } = mount('room', manager, { id: 'ada', create: true, rendered: () => (renders += 1) });
      await expect.element(status('ada')).toHaveTextContent('initializing');
      unmount();
      const before = renders;
      started.open();
      await drawn();
      expect(renders).toBe(before);
      expect(manager.stats()).toMatchObject({ listeners: 0, streams: 0 });
      expect(await manager.getSessionInfo('ada')).toMatchObject({ status: 'active' });
    });

    it('is another when its id is', async () => {
      const manager = open();
      await manager.sendMessage((await manager.createSession({ id: 'ada' })).id, 'user', 'I am Ada');
      await manager.sendMessage((await manager.createSession({ id: 'bob' })).id, 'user', 'I am Bob');
      const { set } = mount('room', manager, {});
      await expect.element(page.getByRole('status')).toHaveTextContent('loading');
      set({ id: 'ada' });
      await expect.element(status('ada')).toHaveTextContent('active');
      await expect.element(page.getByRole('listitem')).toHaveTextContent('I am Ada');
      set({ id: 'bob' });
      await expect.element(page.getByRole('listitem')).toHaveTextContent('I am Bob');
      await drawn();
      expect(manager.stats().listeners).toBe(1);
      set({ id: undefined });
      await expect.element(page.getByRole('listitem')).not.toBeInTheDocument();
      await drawn();
      expect(manager.stats()).toMatchObject({ listeners: 0, streams: 0 });
    });
  });

  describe('a conversation', () => {
    it('shows an answer while it is told, and its message when it has come', async () => {
      const manager = open();
      const session = await manager.createSession({ id: 'ada' });
      mount('room', manager, { id: 'ada' });
      await session.send('user', 'why?');
      await session.dispatch({ type: 'ask', turnId: 't', question: 'why?' });
      await session.dispatch({ type: 'say', text: 'Be' });
      const last = page.getByRole('listitem').last();
      await expect.element(last).toHaveTextContent('Be');
      await session.dispatch({ type: 'say', text: 'cause' });
      await expect.element(last).toHaveTextContent('Because');
      await expect.element(last).toHaveAttribute('aria-busy', 'true');
      await session.send('assistant', 'Because');
      await session.dispatch({ type: 'finish' });
      await expect.element(last).not.toHaveAttribute('aria-busy', 'true');
      expect(page.getByRole('list', { name: 'messages' }).element().textContent?.trim()).toBe('why?Because');
    });

    it('that has been unmounted is not updated', async () => {
      const manager = open();
      const session = await manager.createSession({ id: 'ada' });
      let renders = 0;
      const { unmount } = mount('room', manager, { id: 'ada', rendered: () => (renders += 1) });
      mount('room', manager, { id: 'ada' });
      await expect.element(status('ada').last()).toHaveTextContent('active');
      unmount();
      const before = renders;
      await session.send('user', 'hello');
      await expect.element(page.getByRole('listitem')).toHaveTextContent('hello');
      expect(renders).toBe(before);
    });
  });

  describe.each(['before', 'after'] as const)('a client that is closed %s it is looked at', (when) => {
    it('is an error to show', async () => {
      const manager = open();
      await manager.createSession({ id: 'ada' });
      if (when === 'before') await manager.close();
      mount('sessions', manager, {});
      mount('room', manager, { id: 'ada' });
      if (when === 'after') {
        await expect.element(status('ada')).toHaveTextContent('active');
        await manager.close();
      }
      await expect.element(status('ada')).toHaveTextContent('MANAGER_CLOSED');
      await expect.element(page.getByRole('status').first()).toHaveTextContent('MANAGER_CLOSED');
    });
  });
}
