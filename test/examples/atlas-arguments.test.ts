import { describe, expect, it } from 'vitest';
import { parseArguments, type Surroundings, UsageError } from '../../examples/atlas/arguments.ts';

const surroundings: Surroundings = { env: {}, cwd: '/home/me', isTerminal: true, repository: '/repo' };
const parse = (argv: string[], change: Partial<Surroundings> = {}) =>
  parseArguments(argv, { ...surroundings, ...change });

describe('the arguments of the atlas', () => {
  it('default to the repository, live and at reading pace, with whatever job there is', () => {
    expect(parse([])).toEqual({
      folder: '/repo',
      sessions: undefined,
      questions: [],
      paceMs: 40,
      plain: false,
      store: undefined,
      fresh: false,
      open: true,
      stay: true,
      help: false,
    });
  });

  it('leave the browser alone where nobody sits, or when they say so, and end by themselves where nobody sits', () => {
    expect(parse([], { isTerminal: false })).toMatchObject({ open: false, stay: false });
    expect(parse([], { env: { CI: 'true' } })).toMatchObject({ open: false, stay: false });
    expect(parse(['--no-open'])).toMatchObject({ open: false, stay: true });
    expect(parse([], { env: { npm_config_open: '' } })).toMatchObject({ open: false, stay: true });
    expect(parse([], { env: { CI: '' } })).toMatchObject({ open: true, stay: true });
  });

  it('take a folder, relative to where npm was called', () => {
    expect(parse(['src']).folder).toBe('/home/me/src');
    expect(parse(['/src']).folder).toBe('/src');
    const env = { npm_lifecycle_event: 'start', INIT_CWD: '/elsewhere' };
    expect(parse(['src'], { env }).folder).toBe('/elsewhere/src');
  });

  it('take a store, relative to where npm was called', () => {
    expect(parse(['--store', 'a.db']).store).toBe('/home/me/a.db');
    const env = { npm_lifecycle_event: 'start', INIT_CWD: '/elsewhere' };
    expect(parse(['--store=/b.db', '--fresh'], { env })).toMatchObject({ store: '/b.db', fresh: true });
    expect(parse(['--store', 'a.db'], { env }).store).toBe('/elsewhere/a.db');
  });

  it('take every flag', () => {
    const given = parse([
      '--sessions=12',
      '--question',
      'a?',
      '--question',
      'b?',
      '--pace',
      '5',
      '--plain',
      '-h',
    ]);
    expect(given).toMatchObject({
      sessions: 12,
      questions: ['a?', 'b?'],
      paceMs: 5,
      plain: true,
      help: true,
    });
  });

  it('take the flags that npm swallowed, unless they were also given', () => {
    const env = {
      npm_config_sessions: '12',
      npm_config_question: 'a?',
      npm_config_pace: '7',
      npm_config_plain: 'true',
      npm_config_store: '/a.db',
      npm_config_fresh: 'true',
    };
    expect(parse([], { env })).toMatchObject({
      sessions: 12,
      questions: ['a?'],
      paceMs: 7,
      plain: true,
      store: '/a.db',
      fresh: true,
    });
    expect(parse(['--sessions', '3'], { env }).sessions).toBe(3);
  });

  it.each([[['12']], [['12', 'src']], [['src', '12']]])(
    'find the number of sessions among %j, where npm leaves it when it swallowed the flag alone',
    (argv) => {
      const given = parse(argv, { env: { npm_config_sessions: 'true' } });
      expect(given.sessions).toBe(12);
      expect(given.folder).toBe(argv.length === 1 ? '/repo' : '/home/me/src');
    },
  );

  it.each([
    ['sessions', ['src']],
    ['question', ['Where is it?']],
    ['pace', ['5']],
    ['store', ['a.db']],
  ])('say how to keep npm from --%s when its value cannot be told from a folder', (name, argv) => {
    const env = { [`npm_config_${name}`]: 'true' };
    expect(() => parse(argv, { env })).toThrow(`Put -- before it: npm start -- --${name}`);
  });

  it.each([
    ['without a terminal', { isTerminal: false }],
    ['with NO_COLOR', { env: { NO_COLOR: '1' } }],
    ['on a dumb terminal', { env: { TERM: 'dumb' } }],
  ])('mean plain lines at full speed %s', (_, change) => {
    expect(parse([], change)).toMatchObject({ plain: true, paceMs: 0 });
  });

  it('keep the live view when NO_COLOR is empty', () => {
    expect(parse([], { env: { NO_COLOR: '' } }).plain).toBe(false);
  });

  it.each(['0', '-1', '1.5', 'ten', '', '1e3', '99999999999999999999'])(
    'refuse --sessions=%s and say what it must be',
    (value) => {
      expect(() => parse([`--sessions=${value}`])).toThrow(UsageError);
      expect(() => parse([`--sessions=${value}`])).toThrow(
        `--sessions must be a positive integer, got “${value}”.`,
      );
    },
  );

  it.each([
    [['--colour'], /--colour/],
    [['a', 'b'], /one folder, got 2: a, b/],
    [['--sessions'], /--sessions/],
    [['--pace', 'fast'], /--pace must be an integer from 0, got “fast”/],
    [['--question', '  '], /--question must be a text/],
    [['--store', ''], /--store must be the name of a file/],
  ])('refuse %j', (argv, message) => {
    expect(() => parse(argv)).toThrow(UsageError);
    expect(() => parse(argv)).toThrow(message);
  });
});
