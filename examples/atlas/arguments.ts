import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface AtlasArguments {
  readonly folder: string;
  /** Undefined: as many as a job that was begun has, else {@link DEFAULT_SESSIONS}. */
  readonly sessions: number | undefined;
  /** Asked of every session; empty means that the atlas finds its own. */
  readonly questions: readonly string[];
  /** Milliseconds between two pieces of an answer. */
  readonly paceMs: number;
  /** Lines one after the other, without colours, in place of the live view. */
  readonly plain: boolean;
  /** Where the sessions are kept; undefined: in the repository, a file for each folder. */
  readonly store: string | undefined;
  /** Gives up a job that was begun. */
  readonly fresh: boolean;
  /** Opens the inspector in a browser. */
  readonly open: boolean;
  /** Goes on serving the inspector when all is done, until Ctrl-C. */
  readonly stay: boolean;
  readonly help: boolean;
}

/** Wrong usage: the command itself has to be put differently. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly isTerminal: boolean;
  readonly repository: string;
}

export const DEFAULT_SESSIONS = 10;
const READING_PACE_MS = 40;

export const help = `Usage: npm start -- [folder] [options]

Opens a session for each part of a folder of source code, lets a librarian in each one answer questions
about its own files, kills one of them in the middle of an answer, and checks that no other noticed.

  folder             the folder to read (default: this repository)
  --sessions N       how many sessions to open at once (default: ${DEFAULT_SESSIONS})
  --question TEXT    what to ask, of every session; may be given again (default: questions
                     made from the definitions found in the folder)
  --pace MS          pause between two pieces of an answer, so that eyes can follow
                     (default: ${READING_PACE_MS} in the live view, 0 otherwise)
  --plain            plain lines in place of the live view; also without a terminal, and with NO_COLOR
  --store FILE       the SQLite file that keeps the sessions (default: one for each folder, in
                     .chartroom of this repository; for the repository itself .chartroom/atlas.db)
  --fresh            begin anew, whatever the file holds of an earlier run
  --no-open          do not open the inspector in a browser, only say where it is; also without
                     a terminal, and with CI
  --help             this text

However it ends, by Ctrl-C, kill -9 or a power cut: started again it says what it recovered and goes on where
it was. No question is asked twice, and no answer is lost. A job that is done stays in its file, to be looked
at, until the next start begins a new one in its place.

The inspector shows the sessions while they run. At a terminal it stays until Ctrl-C, so that one can look round;
without one, and with CI set, the program ends by itself after its summary.

Exit codes: 0 all answered and isolated, 1 failure, 2 wrong usage, 130 interrupted.
`;

/** Throws {@link UsageError}. */
export function parseArguments(argv: readonly string[], surroundings: Surroundings): AtlasArguments {
  const { env, cwd, isTerminal, repository } = surroundings;
  const { values, positionals } = parsed(argv);
  const sessions = values.sessions ?? swallowed('sessions', env, positionals);
  const pace = values.pace ?? swallowed('pace', env, positionals);
  const store = values.store ?? swallowed('store', env, positionals);
  const question = values.question ?? swallowed('question', env, positionals) ?? [];
  if (positionals.length > 1) {
    throw new UsageError(`Expected one folder, got ${positionals.length}: ${positionals.join(', ')}.`);
  }
  const plain = values.plain ?? (env.npm_config_plain === 'true' || !isTerminal || isColourless(env));
  const questions = [question].flat();
  if (questions.some((question) => question.trim() === '')) {
    throw new UsageError('--question must be a text, got an empty one.');
  }
  if (store?.trim() === '') throw new UsageError('--store must be the name of a file, got an empty one.');
  const at = startedIn(env) ?? cwd;
  const stay = isTerminal && (env.CI ?? '') === '';
  return {
    folder: positionals[0] === undefined ? repository : resolve(at, positionals[0]),
    sessions: wholeNumber('--sessions', sessions, 1),
    questions,
    paceMs: wholeNumber('--pace', pace, 0) ?? (plain ? 0 : READING_PACE_MS),
    plain,
    store: store === undefined ? undefined : resolve(at, store),
    fresh: values.fresh ?? env.npm_config_fresh === 'true',
    open: stay && values['no-open'] !== true && !['', 'false'].includes(env.npm_config_open ?? 'true'),
    stay,
    help: values.help ?? false,
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        sessions: { type: 'string' },
        question: { type: 'string', multiple: true },
        pace: { type: 'string' },
        plain: { type: 'boolean' },
        store: { type: 'string' },
        fresh: { type: 'boolean' },
        'no-open': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * `npm start --sessions 12`, with no `--` before the flag, leaves `npm_config_sessions`: the value itself when
 * it came after `=`, else `true`, and the value among the positionals, where only a number is no folder.
 */
function swallowed(name: string, env: Surroundings['env'], positionals: string[]): string | undefined {
  const value = env[`npm_config_${name}`];
  if (value !== 'true') return value;
  const index = name === 'sessions' ? positionals.findIndex((text) => /^\d+$/.test(text)) : -1;
  if (index >= 0) return positionals.splice(index, 1)[0];
  throw new UsageError(`npm took --${name} for its own. Put -- before it: npm start -- --${name} …`);
}

function wholeNumber(flag: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(number) && number >= least) return number;
  const expected = least === 1 ? 'a positive integer' : `an integer from ${least}`;
  throw new UsageError(`${flag} must be ${expected}, got “${text}”.`);
}

/** npm runs us in the package's folder and says where it was called. */
export function startedIn(env: Surroundings['env']): string | undefined {
  return env.npm_lifecycle_event === 'start' ? env.INIT_CWD : undefined;
}

function isColourless(env: Surroundings['env']): boolean {
  return (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb';
}
