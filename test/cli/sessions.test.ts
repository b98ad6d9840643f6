import { describe, expect, it } from 'vitest';
import { countsText } from '../../src/cli/sessions.ts';
import { importSaved, importSession } from '../../src/store/transfer.ts';
import { documentOf } from '../store/documents.ts';
import { NOW, stage } from './stage.ts';

/** `ada` is active and ends one day, `bob` is idle; `zoe` is saved. */
async function filled(options?: Parameters<typeof stage>[0]) {
  const on = stage(options);
  await on.within('a.db', async (lease) => {
    const ada = documentOf('ada');
    const config = { ...ada.data.config, terminateAfterMs: 1000 };
    await importSession(lease, { ...ada, data: { ...ada.data, config } }, { now: NOW });
    await importSession(lease, documentOf('bob'), { now: NOW });
    const payload = { status: 'idle', previousStatus: 'active' };
    const at = '2026-06-01T00:00:01.000Z';
    const seq = lease.lastSeq + 1;
    await lease.append([{ seq, sessionId: 'bob', sessionSeq: 3, type: 'session_status', at, payload }]);
    await importSaved(lease, documentOf('zoe'));
  });
  return on;
}

describe('chartroom sessions', () => {
  it('lists what a store holds', async () => {
    const { chartroom, opened } = await filled();
    expect(await chartroom('sessions', 'a.db')).toEqual({
      code: 0,
      err: '',
      out: [
        'ID   STATUS  MESSAGES  UPDATED                   WAKES',
        'ada  active         2  2026-06-01T00:00:00.000Z  2026-06-01T00:00:01.000Z',
        'bob  idle           2  2026-06-01T00:00:01.000Z  never',
        '',
        '2 sessions: 1 active, 1 idle',
        '',
      ].join('\n'),
    });
    expect(opened).toEqual([['a.db', true]]);
  });

  it('with --json gives one array, a session on each line', async () => {
    const { chartroom } = await filled();
    const { code, out, err } = await chartroom('sessions', 'a.db', '--json');
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toMatchObject([
      {
        id: 'ada',
        status: 'active',
        messageCount: 2,
        updatedAt: '2026-06-01T00:00:00.000Z',
        wakeAt: NOW + 1000,
      },
      { id: 'bob', status: 'idle', messageCount: 2, wakeAt: null },
    ]);
    expect(out.split('\n')).toHaveLength(5);
  });

  it('with --status shows those', async () => {
    const { chartroom } = await filled();
    const ids = async (...argv: string[]) =>
      JSON.parse((await chartroom('sessions', 'a.db', '--json', ...argv)).out).map(
        ({ id }: { id: string }) => id,
      );
    expect(await ids('--status', 'idle')).toEqual(['bob']);
    expect(await ids('--status', 'idle', '--status=active')).toEqual(['ada', 'bob']);
    expect(await ids('--status', 'terminating')).toEqual([]);
    expect((await chartroom('sessions', 'a.db', '--status', 'terminating')).out).toBe('No sessions.\n');
  });

  it('with --saved lists the saved ones', async () => {
    const { chartroom } = await filled();
    expect(await chartroom('sessions', 'a.db', '--saved')).toEqual({
      code: 0,
      err: '',
      out: 'ID   MESSAGES  SAVED\nzoe         2  2026-01-01T00:00:00.000Z\n\n1 saved session\n',
    });
    expect(JSON.parse((await chartroom('sessions', 'a.db', '--saved', '--json')).out)).toEqual([
      { id: 'zoe', savedAt: '2026-01-01T00:00:00.000Z', messageCount: 2, metadata: { owner: 'me' } },
    ]);
  });

  it('of an empty store says so', async () => {
    const { chartroom, within } = stage();
    await within('a.db', async () => {});
    const out = async (...argv: string[]) => (await chartroom('sessions', 'a.db', ...argv)).out;
    expect([await out(), await out('--saved')]).toEqual(['No sessions.\n', 'No saved sessions.\n']);
    expect([await out('--json'), await out('--saved', '--json')]).toEqual(['[]\n', '[]\n']);
  });

  it('shows what is half done as due at once', async () => {
    const { chartroom, within } = stage();
    await within('a.db', async (lease) => {
      const { metadata, llmConfig, config } = documentOf().data;
      const payload = { metadata, llmConfig, config };
      const at = '2026-06-01T00:00:00.000Z';
      const type = 'session_created';
      await lease.append([{ seq: 1, sessionId: 'a', sessionSeq: 1, type, at, payload, wakeAt: 0 }]);
    });
    expect((await chartroom('sessions', 'a.db')).out).toContain(
      'a   initializing         0  2026-06-01T00:00:00.000Z  at once',
    );
  });

  it('shows what is damaged in its place, and ends with 1', async () => {
    const { chartroom } = await filled({
      wrap: (lease) =>
        Object.assign(lease, {
          load: () => ({ records: [] }),
        }),
    });
    const { code, out, err } = await chartroom('sessions', 'a.db');
    expect([code, err]).toEqual([
      1,
      'chartroom sessions: 2 sessions cannot be read; chartroom check says why.\n',
    ]);
    expect(out).toContain('ada  damaged         -  -        -\nbob  damaged');
    expect(out).toContain('2 sessions: 2 damaged');
    const json = await chartroom('sessions', 'a.db', '--json');
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject([
      { id: 'ada', status: 'active', damage: { code: 'STORE_CORRUPT' } },
      { id: 'bob', damage: {} },
    ]);
  });

  it('says of damaged saved sessions how many there are, and ends with 1', async () => {
    const { chartroom } = await filled({
      wrap: (lease) => Object.defineProperty(lease, 'saved', { value: { ...lease.saved, list: () => [] } }),
    });
    const { code, out, err } = await chartroom('sessions', 'a.db', '--saved');
    expect([code, out, err]).toEqual([
      1,
      'No saved sessions.\n',
      'chartroom sessions: 1 saved session cannot be read; chartroom check says why.\n',
    ]);
  });

  it('has colours on a terminal only', async () => {
    const { chartroom } = await filled({ terminal: true });
    expect((await chartroom('sessions', 'a.db')).out).toContain(
      '\u001b[1mID   STATUS  MESSAGES  UPDATED                   WAKES\u001b[22m\nada',
    );
  });

  it.each([1, 2])('stops when nobody reads any more, after %i writes', async (readers) => {
    for (const argv of [[], ['--json'], ['--saved'], ['--saved', '--json']]) {
      const { chartroom } = await filled({ readers });
      const { code, err } = await chartroom('sessions', 'a.db', ...argv);
      expect([code, err]).toEqual([0, '']);
    }
  });

  it.each([
    [
      ['--status', 'asleep'],
      '--status must be one of initializing, active, idle, terminating, got "asleep".',
    ],
    [['--status', 'idle', '--saved'], '--saved and --status exclude each other.'],
  ])('%j is wrong usage', async (argv, says) => {
    const { code, err } = await stage().chartroom('sessions', 'a.db', ...argv);
    expect([code, err.split('\n')[0]]).toEqual([2, `chartroom sessions: ${says}`]);
  });

  it('counts in words', () => {
    expect(countsText({ active: 12_000, idle: 1 })).toBe('12,000 active, 1 idle');
  });
});
