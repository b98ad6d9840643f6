import { describe, expect, it } from 'vitest';
import { stage } from './stage.ts';

const COMMANDS = ['sessions', 'export', 'import', 'check'];

describe('chartroom', () => {
  it.each([['--help'], ['-h']])('%s tells what there is', async (flag) => {
    const { code, out, err } = await stage().chartroom(flag);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^Usage: chartroom COMMAND/);
    for (const name of COMMANDS) expect(out).toMatch(new RegExp(`^  ${name} FILE`, 'm'));
    expect(out).toContain('Exit codes: 0');
  });

  it.each([['--version'], ['-v']])('%s tells which it is', async (flag) => {
    expect(await stage().chartroom(flag)).toEqual({ code: 0, out: '1.2.3\n', err: '' });
  });

  it.each(COMMANDS)('%s --help tells all of its options, whatever else is there', async (name) => {
    const { code, out, err } = await stage().chartroom(name, 'a', '--bogus', '--help');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(new RegExp(`^Usage: chartroom ${name} FILE`));
    expect(out).toContain('Exit codes: 0');
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(await stage().chartroom(name, '-h')).toEqual({ code: 0, out, err: '' });
  });

  it('takes a --help behind -- for a name', async () => {
    const { code, err } = await stage().chartroom('sessions', '--', '--help');
    expect([code, err]).toEqual([1, 'chartroom sessions: There is no store --help.\n']);
  });

  it.each([
    [[], 'chartroom: No command was given.\nTry: chartroom --help\n'],
    [['bogus'], 'chartroom: There is no command "bogus".\nTry: chartroom --help\n'],
    [['constructor'], 'chartroom: There is no command "constructor".\nTry: chartroom --help\n'],
    [['sessions'], 'chartroom sessions: FILE is missing.\nTry: chartroom sessions --help\n'],
    [['check', 'a', 'b'], 'chartroom check: "b" is too much.\nTry: chartroom check --help\n'],
    [['\u001b[31m'], 'chartroom: There is no command "\\u001b[31m".\nTry: chartroom --help\n'],
  ])('%j is wrong usage', async (argv, err) => {
    expect(await stage().chartroom(...argv)).toEqual({ code: 2, out: '', err });
  });

  it.each(COMMANDS.filter((name) => name !== 'import'))(
    '%s of a store that is not there fails in one line',
    async (name) => {
      const argv = name === 'export' ? [name, 'nope.db', 'ada'] : [name, 'nope.db'];
      expect(await stage().chartroom(...argv)).toEqual({
        code: 1,
        out: '',
        err: `chartroom ${name}: There is no store nope.db.\n`,
      });
    },
  );

  it('shows no stack, and no escape of a terminal, whatever goes wrong', async () => {
    const { chartroom, within } = stage({
      wrap() {
        throw new TypeError('a mistake\nof ours \u001b[2J');
      },
    });
    await within('a.db', async () => {});
    expect(await chartroom('check', 'a.db')).toEqual({
      code: 1,
      out: '',
      err: 'chartroom check: a mistake of ours \\u{1b}[2J\n',
    });
  });
});
