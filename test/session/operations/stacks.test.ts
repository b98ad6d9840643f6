import { describe, expect, it } from 'vitest';
import { watchedAgent } from '../../support/agents.ts';
import { gate } from '../../support/gate.ts';
import { turns } from '../../support/turns.ts';
import { type StageOptions, stage } from '../stage.ts';
import { storeUnderTest } from '../stores.ts';

/** What of the session went to the store together: the types of the facts of each append. */
function appends(options: StageOptions = {}) {
  const appended: string[][] = [];
  const store = storeUnderTest({
    parts: (lease) => ({
      async append(records) {
        await turns(1);
        await lease.append(records);
        appended.push(records.map(({ type }) => type));
      },
    }),
  });
  return { ...stage({ store, ...options }), appended };
}

describe('what is asked of one session at once, on a store that takes its time', () => {
  it('goes there as one append where it is about nothing that the session is about to have', async () => {
    const { manager, appended } = appends();
    const session = await manager.createSession({ id: 's' });
    appended.length = 0;
    await Promise.all([session.send('user', 'a'), session.send('user', 'b'), session.context.put('k', 1)]);
    expect(appended).toEqual([['conversation_added', 'conversation_added', 'working_context_updated']]);
  });

  it('is decided one after the other where it is: the second finds nothing to do', async () => {
    const { manager, appended, news } = appends();
    const session = await manager.createSession({ id: 's' });
    news();
    await Promise.all([
      session.send('user', 'a'),
      session.context.addFile('a'),
      session.context.addFile('a'),
    ]);
    expect(news()).toEqual(['conversation_added', 'file_added']);
    expect(appended.slice(-2)).toEqual([['conversation_added'], ['file_added']]);
  });

  it('keeps to that where it has waited for the session to be active', async () => {
    const hold = gate();
    const { manager, appended } = appends({ hooks: { initialize: () => hold.promise } });
    const created = manager.createSession({ id: 's' });
    const session = manager.session('s');
    const writes = [
      session.send('user', 'a'),
      session.send('user', 'b'),
      session.context.addFile('a'),
      session.context.addFile('a'),
    ];
    await turns();
    appended.length = 0;
    hold.open();
    await Promise.all([created, ...writes]);
    expect(appended).toEqual([
      ['session_status'],
      ['conversation_added', 'conversation_added'],
      ['file_added'],
    ]);
  });

  it('reaches the agent in the order of the calls, whether or not that has waited for the session', async () => {
    const agent = watchedAgent();
    const hold = gate();
    const { manager } = appends({ agent: agent.logic, hooks: { initialize: () => hold.promise } });
    const created = manager.createSession({ id: 's' });
    const session = manager.session('s');
    const ask = (...about: string[]) => [
      session.send('user', 'before'),
      ...about.map((each) => session.dispatch({ type: 'ask', about: each })),
    ];
    const early = ask('a', 'b');
    await turns();
    hold.open();
    await Promise.all([created, ...early]);
    await Promise.all(ask('c', 'd'));
    expect(agent.of('s').received.map(({ about }) => about)).toEqual(['a', 'b', 'c', 'd']);
  });
});
