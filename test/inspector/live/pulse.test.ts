import { describe, expect, it } from 'vitest';
import { CHART_SECONDS, Pulses } from '../../../visualizations/inspector/src/live/pulse.ts';

const pulse = (now: number, facts: Record<string, number> = {}) => ({
  type: 'pulse' as const,
  now,
  stats: {
    sessions: { initializing: 1, active: 2, idle: 3, terminating: 0, terminated: 7 },
    asleep: 0,
    pending: 4,
    listeners: 0,
    streams: 0,
    deadlines: 0,
    journalLag: 0,
  },
  facts,
  recording: false,
});

describe('the pulse of an engine', () => {
  it('counts sessions that have not ended, and calls that wait', () => {
    const pulses = new Pulses();
    pulses.push(pulse(1000));
    expect(pulses.history.sessions.values).toEqual([6]);
    expect(pulses.history.pending.values).toEqual([4]);
  });

  it('counts facts a second, by the time that has really passed', () => {
    const pulses = new Pulses();
    pulses.push(pulse(1000, { conversation_added: 10 }));
    pulses.push(pulse(3000, { conversation_added: 10, session_crashed: 4, file_added: 2 }));
    expect(pulses.history.facts.values).toEqual([10, 8]);
    expect(pulses.history.messages.values).toEqual([10, 5]);
    expect(pulses.history.crashes.values).toEqual([0, 2]);
  });

  it('takes what comes right after a connection for a second’s worth, not for a burst', () => {
    const pulses = new Pulses();
    pulses.push(pulse(1000));
    pulses.push(pulse(1100, { session_crashed: 1 }));
    expect(pulses.history.crashes.values).toEqual([0, 1]);
  });

  it('stays finite when the clock stands still or goes back', () => {
    const pulses = new Pulses();
    for (const now of [5000, 5000, 1000]) pulses.push(pulse(now, { file_added: 1 }));
    expect(pulses.history.facts.values.every(Number.isFinite)).toBe(true);
  });

  it('keeps a minute', () => {
    const pulses = new Pulses();
    for (let n = 0; n < 300; n += 1) pulses.push(pulse(n * 1000));
    expect(pulses.history.facts.values).toHaveLength(CHART_SECONDS);
    expect(pulses.last?.now).toBe(299_000);
  });
});
