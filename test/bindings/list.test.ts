import { describe, expect, it } from 'vitest';
import { watchSessions } from '../../src/bindings/index.ts';
import type { SessionInfo } from '../../src/data.ts';
import { eventAt, fakeClient, infoAt, missing } from '../support/fake-client.ts';
import { type Gate, gate } from '../support/gate.ts';
import { turns } from '../support/turns.ts';
import { look } from '../support/watching.ts';

/** A client over a table of sessions that a test changes. */
function fleet(...first: SessionInfo[]) {
  const table = new Map(first.map((info) => [info.id, info]));
  const asked: string[] = [];
  const fake = fakeClient({
    listSessions: async ({ limit, after = 0 } = {}) => {
      asked.push('list');
      return [...table.values()].filter(({ seq }) => seq > after).slice(0, limit);
    },
    getSessionInfo: async (id) => {
      asked.push(id);
      const info = table.get(id);
      if (!info) throw missing();
      return info;
    },
  });
  const set = (info: SessionInfo) => {
    table.set(info.id, info);
    fake.emit(eventAt(info.seq, 'session_status', { sessionId: info.id }));
  };
  const end = (id: string) => {
    table.delete(id);
    fake.emit(eventAt(99, 'session_terminated', { sessionId: id }));
  };
  return { ...fake, asked, set, end };
}
const ids = ({ sessions }: { sessions: readonly SessionInfo[] }) => sessions.map(({ id }) => id).join('');
const abc = () => ['a', 'b', 'c'].map((id, n) => infoAt(id, n + 1));

describe('the list', () => {
  it('asks for those that events name, once a turn, and lists no second time', async () => {
    const { client, asked, set, end } = fleet(...abc());
    const seen = look(watchSessions(client));
    await turns();
    const [a] = seen.now.sessions;
    for (let n = 0; n < 5; n++) set(infoAt('b', 2, { messageCount: n }));
    set(infoAt('d', 4));
    end('c');
    await turns();
    expect(ids(seen.now)).toBe('abd');
    expect(seen.now.sessions[0]).toBe(a);
    expect(seen.now.sessions[1]?.messageCount).toBe(4);
    expect(asked).toEqual(['list', 'b', 'd', 'c']);
  });

  it('is the same view when what was named has not changed', async () => {
    const { client, set } = fleet(...abc());
    const seen = look(watchSessions(client));
    await turns();
    const before = seen.now;
    set(infoAt('b', 2));
    await turns();
    expect(seen.now).toBe(before);
    expect(seen.told()).toBe(1);
  });

  it('lists anew after a gap, and when most of it has changed, and rows that are the same stay', async () => {
    const many = Array.from({ length: 100 }, (_, n) => infoAt(`s${n}`, n + 1));
    const { client, asked, set, emit } = fleet(...many);
    const seen = look(watchSessions(client));
    await turns();
    const [first] = seen.now.sessions;
    emit({ type: 'gap', seq: 9, at: '', from: 1, to: 9 });
    await turns();
    expect(seen.now.sessions[0]).toBe(first);
    for (const info of many.slice(1, 80)) set({ ...info, messageCount: 1 });
    await turns();
    expect(asked).toEqual(['list', 'list', 'list']);
    expect(seen.now.sessions[0]).toBe(first);
    expect(seen.now.sessions[1]?.messageCount).toBe(1);
  });

  it('asks after a listing for what changed while that was on its way', async () => {
    const listing = gate<SessionInfo[]>();
    const asked: string[] = [];
    const { client, emit } = fakeClient({
      listSessions: () => listing.promise,
      getSessionInfo: async (id) => {
        asked.push(id);
        return infoAt(id, 1, { messageCount: 7 });
      },
    });
    const seen = look(watchSessions(client));
    emit(eventAt(5, 'conversation_added', { sessionId: 'a' }));
    await turns();
    expect(asked).toEqual([]);
    listing.open([infoAt('a', 1)]);
    await turns();
    expect(asked).toEqual(['a']);
    expect(seen.now.sessions[0]?.messageCount).toBe(7);
  });

  it('has one question at a time on its way for a session, and none answered late over a newer listing', async () => {
    const answers: Gate<SessionInfo>[] = [];
    let listed = [infoAt('a', 1)];
    const { client, emit } = fakeClient({
      listSessions: async () => listed,
      getSessionInfo: () => {
        const answer = gate<SessionInfo>();
        answers.push(answer);
        return answer.promise;
      },
    });
    const seen = look(watchSessions(client));
    await turns();
    for (let n = 0; n < 3; n++) {
      emit(eventAt(5, 'conversation_added', { sessionId: 'a' }));
      await turns();
    }
    expect(answers).toHaveLength(1);
    listed = [infoAt('a', 1, { messageCount: 3 })];
    emit({ type: 'gap', seq: 9, at: '', from: 1, to: 9 });
    await turns();
    answers[0]?.open(infoAt('a', 1, { messageCount: 1 }));
    await turns();
    expect(seen.now.sessions[0]?.messageCount).toBe(3);
  });

  it('keeps a page full: a row that comes too many is cut, and one that goes is made good', async () => {
    const { client, asked, set, end } = fleet(...abc());
    const seen = look(watchSessions(client, { limit: 2 }));
    await turns();
    expect(ids(seen.now)).toBe('ab');
    set(infoAt('d', 4));
    await turns();
    expect(ids(seen.now)).toBe('ab');
    end('a');
    await turns();
    expect(ids(seen.now)).toBe('bc');
    expect(asked.filter((each) => each === 'list')).toHaveLength(2);
  });

  it('keeps what it knew when it fails, and comes back with the next event', async () => {
    const { client, set, emit } = fleet(...abc());
    let isLost = false;
    const { listSessions } = client;
    client.listSessions = (filter) =>
      isLost ? Promise.reject('the line is cut') : listSessions.call(client, filter);
    const seen = look(watchSessions(client));
    await turns();
    isLost = true;
    emit({ type: 'gap', seq: 9, at: '', from: 1, to: 9 });
    await turns();
    expect(seen.now).toMatchObject({ status: 'error', error: { code: 'CONNECTION_LOST' } });
    expect(ids(seen.now)).toBe('abc');
    isLost = false;
    set(infoAt('a', 1));
    await turns();
    expect(seen.now).toMatchObject({ status: 'ready', error: undefined });
  });
});
