import { describe, expect, it } from 'vitest';
import { inspectionOf } from '../support/inspection.ts';

describe('the engine, looked at', () => {
  it('is the chart of its manager, where it is and where it goes', async () => {
    const { manager, connect, inspection } = inspectionOf();
    await manager.ready;
    const viewer = await connect();
    viewer.receive({ type: 'look', subject: 'engine' });
    expect(viewer.last('looking')).toMatchObject({
      recording: {
        definitions: { manager: { id: 'manager' } },
        bases: {},
        entries: [
          { kind: 'snapshot', definition: 'manager', actor: '(manager)', value: 'running', status: 'active' },
        ],
      },
      detail: {
        actors: [
          { actor: '(manager)', definition: 'manager', kind: 'machine', status: 'active' },
          { actor: '(manager)/supervisor', parent: '(manager)', status: 'active' },
        ],
      },
    });
    await manager.close();
    expect(viewer.recording('engine').entries).toMatchObject([
      {},
      { kind: 'sent', event: { type: 'manager.close' } },
      { kind: 'snapshot', value: 'closing' },
      { kind: 'sent' },
      { kind: 'snapshot', value: 'closed', status: 'done' },
    ]);
    inspection.close();
  });

  it('says nothing of sessions', async () => {
    const { manager, connect, tick } = inspectionOf();
    await manager.ready;
    const viewer = await connect();
    viewer.receive({ type: 'look', subject: 'engine' });
    await manager.createSession({ id: 'a' });
    await tick();
    expect(viewer.recording('engine').entries).toHaveLength(1);
    await manager.close();
  });
});
