import { describe, expect, it, vi } from 'vitest';
import type { AppSource, Looked } from '../../src/inspect/looked.ts';
import type { AppRow } from '../../src/inspect/protocol.ts';
import { Reel } from '../../src/inspect/reel.ts';
import { inspectionOf } from '../support/inspection.ts';
import { turns } from '../support/turns.ts';

/** How many observers XState has to tell. */
function observers(manager: { actor: { system: unknown } }) {
  const spy = vi.spyOn(manager.actor.system as { inspect(observer: unknown): unknown }, 'inspect');
  return spy;
}

describe('what is looked at', () => {
  it('is followed once for all who look, and not at all when the last has left', async () => {
    const { manager, engine, connect } = inspectionOf();
    await manager.createSession({ id: 'a' });
    const inspect = observers(manager);
    const [one, other] = [await connect(), await connect()];
    expect(inspect).not.toHaveBeenCalled();
    one.receive({ type: 'look', subject: 'session/a' });
    other.receive({ type: 'look', subject: 'session/a' });
    await turns();
    expect(inspect).toHaveBeenCalledTimes(1);
    expect([one.of('looking').length, other.of('looking').length]).toEqual([1, 1]);
    one.receive({ type: 'leave', subject: 'session/a' });
    other.close();
    // Attached anew, so it had been detached.
    one.receive({ type: 'look', subject: 'engine' });
    expect(inspect).toHaveBeenCalledTimes(2);
    expect(engine.taps.size).toBe(1);
    await manager.close();
  });

  it('is not told twice to one that asks twice', async () => {
    const { manager, connect, tick } = inspectionOf();
    await manager.createSession({ id: 'a' });
    const viewer = await connect();
    for (let n = 0; n < 3; n += 1) viewer.receive({ type: 'look', subject: 'session/a' });
    await turns();
    viewer.receive({ type: 'look', subject: 'session/a' });
    await tick();
    expect(viewer.of('looking')).toHaveLength(1);
    await manager.close();
  });

  it('is not told to one that has left before it was found', async () => {
    const { manager, connect, tick } = inspectionOf();
    await manager.createSession({ id: 'a' });
    const viewer = await connect();
    viewer.receive({ type: 'look', subject: 'session/a' });
    viewer.receive({ type: 'leave', subject: 'session/a' });
    await tick();
    expect(viewer.of('looking')).toEqual([]);
    viewer.receive({ type: 'look', subject: 'session/a' });
    await tick();
    expect(viewer.of('looking')).toHaveLength(1);
    await manager.close();
  });

  it.each([
    ['session/nobody', 'nobody'],
    ['app/x:1', 'no such app'],
  ] as const)('is missing where there is nothing: %s', async (subject, words) => {
    const { manager, connect } = inspectionOf();
    const viewer = await connect();
    viewer.receive({ type: 'look', subject });
    await turns();
    expect(viewer.last('missing')).toMatchObject({ subject, message: expect.stringContaining(words) });
    await manager.createSession({ id: 'nobody' });
    viewer.receive({ type: 'look', subject: 'session/nobody' });
    await turns();
    expect(viewer.of('looking')).toHaveLength(1);
    await manager.close();
  });
});

describe('apps of others', () => {
  const row: AppRow = {
    id: 'x:0',
    name: 'lamp',
    actors: 1,
    status: 'active',
    lastActivityAt: 0,
    seen: 1,
    connected: true,
  };

  it('have their rows told when they are others, and are looked at once for all', async () => {
    let rows: readonly AppRow[] = [row];
    const reel = new Reel();
    reel.push({ step: 0, atMs: 1, kind: 'schedule', label: 'one' });
    const looked: Looked = {
      reel,
      definitions: () => ({ lamp: { id: 'lamp' } }),
      detail: () => ({ actors: [], deadlines: [], tasks: 0, asleep: false }),
      now: () => 1,
      close: vi.fn(),
    };
    const apps: AppSource = { rows: () => rows, look: vi.fn((id) => (id === 'x:0' ? looked : undefined)) };
    const { manager, connect, tick } = inspectionOf({}, { apps });
    const [one, other] = [await connect(), await connect()];
    await tick(3);
    expect(one.of('apps')).toEqual([{ type: 'apps', rows: [row] }]);
    rows = [{ ...row, seen: 2 }];
    await tick();
    expect(one.of('apps')).toHaveLength(2);
    for (const viewer of [one, other]) viewer.receive({ type: 'look', subject: 'app/x:0' });
    reel.push({ step: 0, atMs: 2, kind: 'schedule', label: 'two' });
    await tick();
    expect(apps.look).toHaveBeenCalledTimes(1);
    expect(other.recording('app/x:0')).toMatchObject({
      definitions: { lamp: {} },
      entries: [{ label: 'one' }, { label: 'two' }],
    });
    one.receive({ type: 'leave', subject: 'app/x:0' });
    expect(looked.close).not.toHaveBeenCalled();
    other.receive({ type: 'leave', subject: 'app/x:0' });
    expect(looked.close).toHaveBeenCalledTimes(1);
    await manager.close();
  });
});
