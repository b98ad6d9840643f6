import { describe, expect, it } from 'vitest';
import { importSaved, importSession } from '../../src/store/transfer.ts';
import { documentOf } from '../store/documents.ts';
import { NOW, stage } from './stage.ts';

async function filled(options: Parameters<typeof stage>[0] = {}) {
  const on = stage(options);
  await on.within('a.db', async (lease) => {
    for (const id of ['ada', 'bob', 'eve']) await importSession(lease, documentOf(id));
    await importSaved(lease, documentOf('zoe'));
  });
  return on;
}

const damaged = (ids: readonly string[]): Parameters<typeof stage>[0] => ({
  wrap(lease) {
    const load = lease.load.bind(lease);
    return Object.assign(lease, { load: (id: string) => (ids.includes(id) ? { records: [] } : load(id)) });
  },
});

describe('chartroom check', () => {
  it('of a sound store tells how much there is, and ends with 0', async () => {
    const { chartroom, opened } = await filled();
    expect(await chartroom('check', 'a.db')).toEqual({
      code: 0,
      out: 'a.db: 3 sessions (3 active), 1 saved session; 18 facts written, opened 2 times.\nAll of it is sound.\n',
      err: '',
    });
    expect(opened).toEqual([['a.db', true]]);
  });

  it('of an empty store too', async () => {
    const { chartroom, within } = stage();
    await within('a.db', async () => {});
    expect((await chartroom('check', 'a.db')).out).toBe(
      'a.db: 0 sessions, 0 saved sessions; 0 facts written, opened 2 times.\nAll of it is sound.\n',
    );
  });

  it('names what is damaged and why, and ends with 1', async () => {
    const { chartroom } = await filled(damaged(['ada', 'eve']));
    expect(await chartroom('check', 'a.db')).toEqual({
      code: 1,
      out: [
        'a.db: 3 sessions (3 active), 1 saved session; 18 facts written, opened 2 times.',
        'damaged: Session "ada" is stored without a single fact.',
        'damaged: Session "eve" is stored without a single fact.',
        '2 cannot be read, and stay as they are; the others are sound.',
        '',
      ].join('\n'),
      err: '',
    });
  });

  it('knows when nothing is sound', async () => {
    const { chartroom, within } = stage(damaged(['ada']));
    await within('a.db', (lease) => importSession(lease, documentOf()));
    expect((await chartroom('check', 'a.db')).out).toMatch(/\n1 cannot be read, and stay as they are\.\n$/);
  });

  it('with --json gives one object', async () => {
    const sound = await filled();
    const { code, out } = await sound.chartroom('check', 'a.db', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      epoch: 2,
      lastSeq: 18,
      cutSeq: 0,
      sessions: { active: 3 },
      saved: 1,
      damaged: [],
    });
    const broken = await filled(damaged(['bob']));
    const found = await broken.chartroom('check', 'a.db', '--json');
    expect(found.code).toBe(1);
    expect(JSON.parse(found.out).damaged).toEqual([
      {
        kind: 'session',
        id: 'bob',
        code: 'STORE_CORRUPT',
        reason: 'Session "bob" is stored without a single fact.',
      },
    ]);
  });

  it('shows on a terminal how far it is, and wipes it away; damage in red', async () => {
    let ms = NOW;
    const now = () => {
      ms += 600;
      return ms;
    };
    const { chartroom } = await filled({ ...damaged(['ada']), terminal: true, now });
    const { out, err } = await chartroom('check', 'a.db');
    const wiped = '\r\u001b[K';
    expect(err.split(wiped)).toEqual(['', '2 of 4 sessions …', '3 of 4 sessions …', '4 of 4 sessions …', '']);
    expect(out).toContain('\u001b[31mdamaged: Session "ada" is stored without a single fact.\u001b[39m\n');
  });

  it('tells the truth though nobody reads what it says', async () => {
    const { chartroom } = await filled({ ...damaged(['ada']), readers: 0 });
    expect(await chartroom('check', 'a.db')).toEqual({ code: 1, out: '', err: '' });
  });
});
