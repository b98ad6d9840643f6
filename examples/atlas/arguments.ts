import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface AtlasArguments {
  readonly folder: string;
  readonly sessions: number;
  /** Asked of every session; empty means that the atlas finds its own. */
  readonly questions: readonly string[];
  /** Milliseconds between two pieces of an answer. */
  readonly paceMs: number;
  /** Lines one after the other, without colours, in place of the live view. */
  readonly plain: boolean;
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

const DEFAULT_SESSIONS = 10;
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
  --help             this text

Exit codes: 0 all answered and isolated, 1 failure, 2 wrong usage.
`;

/** Throws {@link UsageError}. */
export function parseArguments(argv: readonly string[], surroundings: Surroundings): AtlasArguments {
  const { env, cwd, isTerminal, repository } = surroundings;
  const { values, positionals } = parsed(argv);
  const sessions = values.sessions ?? swallowed('sessions', env, positionals);
  const pace = values.pace ?? swallowed('pace', env, positionals);
  const question = values.question ?? swallowed('question', env, positionals) ?? [];
  if (positionals.length > 1) {
    throw new UsageError(`Expected one folder, got ${positionals.length}: ${positionals.join(', ')}.`);
  }
  const plain = values.plain ?? (env.npm_config_plain === 'true' || !isTerminal || isColourless(env));
  const questions = [question].flat();
  if (questions.some((question) => question.trim() === '')) {
    throw new UsageError('--question must be a text, got an empty one.');
  }
  return {
    folder: positionals[0] === undefined ? repository : resolve(startedIn(env) ?? cwd, positionals[0]),
    sessions: wholeNumber('--sessions', sessions, 1) ?? DEFAULT_SESSIONS,
    questions,
    paceMs: wholeNumber('--pace', pace, 0) ?? (plain ? 0 : READING_PACE_MS),
    plain,
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
function startedIn(env: Surroundings['env']): string | undefined {
  return env.npm_lifecycle_event === 'start' ? env.INIT_CWD : undefined;
}

function isColourless(env: Surroundings['env']): boolean {
  return (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb';
}
