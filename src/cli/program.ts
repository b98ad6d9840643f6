import { toErrorInfo } from '../error-info.ts';
import { UsageError } from './arguments.ts';
import { check } from './check.ts';
import { diagram } from './diagram.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { inspect } from './inspect.ts';
import { sessions } from './sessions.ts';
import { type Command, DONE, FAILED, type Surroundings, WRONG_USAGE } from './surroundings.ts';
import { printable } from './text.ts';
import { verify } from './verify.ts';

const commands = new Map<string, Command>([
  ['sessions', sessions],
  ['export', exportCommand],
  ['import', importCommand],
  ['check', check],
  ['verify', verify],
  ['diagram', diagram],
  ['inspect', inspect],
]);

const help = `Usage: chartroom COMMAND [options]

Looks after the file of a durable store (chartroom/store/sqlite):

  sessions FILE            list the sessions that it holds
  export FILE ID           write a session as a document: a file of JSON
  import FILE DOCUMENT...  put documents into a store
  check FILE               read everything, and say what is damaged

Proves machines, clients and stores (chartroom/testing):

  verify MODULE            look for a run that breaks what has to hold

Shows machines (chartroom/diagram):

  diagram MODULE           draw a machine as SVG, Mermaid or text

Shows what goes on (chartroom/inspect):

  inspect [WHAT]           serve the inspector for a manager, a store or a trace

  --help, -h               this text; after a command, what that one takes
  --version, -v

Exit codes: 0 done, 1 failed or damage found, 2 wrong usage.
`;

/** Runs one command line, without the name of the program, and resolves with the exit code. Never rejects. */
export async function runProgram(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const { stdout, stderr, version } = surroundings;
  const [name = '', ...rest] = argv;
  const command = commands.get(name);
  const at = command ? `chartroom ${name}` : 'chartroom';
  try {
    if (command && !asksForHelp(rest)) return await command.run(rest, surroundings);
    if (command || name === '--help' || name === '-h') stdout.write(command?.help ?? help);
    else if (name === '--version' || name === '-v') stdout.write(`${version}\n`);
    else
      throw new UsageError(
        name === '' ? 'No command was given.' : `There is no command ${JSON.stringify(name)}.`,
      );
    return DONE;
  } catch (error) {
    const message = printable(toErrorInfo(error).message);
    if (!(error instanceof UsageError)) {
      stderr.write(`${at}: ${message}\n`);
      return FAILED;
    }
    stderr.write(`${at}: ${message}\nTry: ${at} --help\n`);
    return WRONG_USAGE;
  }
}

/** Whatever else is there: who asks for help need not know the rest. */
function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).some((text) => text === '--help' || text === '-h');
}
