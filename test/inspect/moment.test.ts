import { describe, expect, it } from 'vitest';
import { momentAt, sessionChart } from '../../src/inspect/moment.ts';
import type { Recording } from '../../src/inspect/protocol.ts';
import type { TraceEntry } from '../../src/testing/trace.ts';
import { createdFact, statusFact } from '../support/facts.ts';

const fact = (told: object) => ({ step: 0, atMs: 0, kind: 'fact', fact: told }) as TraceEntry;
const recording: Recording = {
  definitions: {},
  bases: {},
  entries: [
    fact(createdFact({ seq: 1 })),
    fact(statusFact({ seq: 2 }, 'active', 'initializing')),
    {
      step: 0,
      atMs: 0,
      kind: 'snapshot',
      definition: 'session',
      actor: 'a',
      value: 'told',
      status: 'active',
    },
  ],
};

describe('momentAt', () => {
  it('is what holds after so many entries, and no more than there are', () => {
    expect(momentAt(recording, 0).sessions.size).toBe(0);
    expect(momentAt(recording, 1).sessions.get('a')?.state.status).toBe('initializing');
    expect(momentAt(recording, 2).sessions.get('a')?.state.status).toBe('active');
    expect(momentAt(recording, 9).n).toBe(3);
  });
});

describe('sessionChart', () => {
  it('is where the status says as long as nothing was told of it', () => {
    expect(sessionChart(momentAt(recording, 1), 'a')).toMatchObject({
      value: 'initializing',
      status: 'active',
    });
    expect(sessionChart(momentAt(recording, 2), 'a')).toMatchObject({ value: { running: 'active' } });
    expect(sessionChart(momentAt(recording, 3), 'a')).toMatchObject({ value: 'told', entry: 2 });
  });

  it('is done when the session is', () => {
    const ended = {
      ...recording,
      entries: [...recording.entries.slice(0, 2), fact(statusFact({ seq: 3 }, 'terminated', 'active'))],
    };
    expect(sessionChart(momentAt(ended, 3), 'a')).toMatchObject({ value: 'terminated', status: 'done' });
    const idle = {
      ...recording,
      entries: [...recording.entries.slice(0, 2), fact(statusFact({ seq: 3 }, 'idle', 'active'))],
    };
    expect(sessionChart(momentAt(idle, 3), 'a')).toMatchObject({
      value: { running: 'idle' },
      status: 'active',
    });
  });

  it('is nowhere before the session is', () => {
    expect(sessionChart(momentAt(recording, 0), 'a')).toBeUndefined();
  });
});
