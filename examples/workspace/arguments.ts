import { parseArgs } from 'node:util';

export interface ExampleArguments {
  readonly port: number;
  readonly help: boolean;
}

/** Wrong usage: the command itself has to be put differently. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The browser keeps the sessions for this address: with another port it is another workspace. */
const DEFAULT_PORT = 5180;

export const help = `Usage: npm run example -- [options]

Builds the workspace, a small app of many sessions in the browser, and serves it on this machine. Drop files
into a session and ask about them. Everything stays in the browser: reload the page, or kill the tab, and it
is all back.

  --port N   where to serve it (default: ${DEFAULT_PORT}). The browser keeps the sessions for the address, so that
             another port is another workspace
  --help     this text

The workspace is written in React; its heart is there again in Vue, Svelte and Solid, over the same sessions.
Answers are told quickly: ?pace=1000 after the address that it prints, a second for each line, leaves time to
kill a session in mid-answer.

Exit codes: 0 ended by Ctrl-C, 1 failure, 2 wrong usage.
`;

/** Throws {@link UsageError}. */
export function parseArguments(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ExampleArguments {
  const { port, help: wantsHelp } = parsed(argv);
  return { port: portOf(port ?? swallowed(env)), help: wantsHelp ?? false };
}

function parsed(argv: readonly string[]) {
  try {
    const options = { port: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
    return parseArgs({ args: [...argv], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** `npm run example --port=5200`, with no `--` before the flag, leaves the value in the environment. */
function swallowed(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const value = env.npm_config_port;
  if (value !== 'true') return value;
  throw new UsageError('npm took --port for its own. Put -- before it: npm run example -- --port …');
}

function portOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT;
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new UsageError(`--port must be a number from 0 to 65535, got “${text}”.`);
}
