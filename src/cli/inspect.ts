import { isSessionError } from '../errors.ts';
import {
  type InspectSessionsOptions,
  type ResolvedInspectOptions,
  resolveInspectOptions,
} from '../inspect/inspect-options.ts';
import type { ActionName } from '../inspect/protocol.ts';
import { inFlags, parseCommand, takeCount, takePositionals, UsageError } from './arguments.ts';
import { type Command, DONE } from './surroundings.ts';

const PORT = 4040;

export const inspect: Command = {
  help: `Usage: chartroom inspect [WHAT] [options]
       chartroom inspect TRACE.json -o OUT.html [--force]

Serves the inspector, a page in the browser, until Ctrl-C. WHAT is one of

  MODULE[#EXPORT]  a JavaScript or TypeScript file that exports a manager, or a
                   function that makes one: its sessions, live
  STORE            the file of a durable store: its sessions as they are in it.
                   Nothing is changed; a program may have it open meanwhile
  TRACE.json       a trace of chartroom verify, or of a recording

Without it the inspector waits for XState apps that tell what they do through
@statelyai/inspect, and says what to put into them.

  --port N              default ${PORT}, or the next one that is free
  --host ADDRESS        default 127.0.0.1: this machine only
  --allow A,B           what the page may do beside looking, of send, dispatch,
                        terminate, kill, save, create; default nothing
  --allow-origin O,P    origins of pages that may connect beside its own, such
                        as http://localhost:5173
  --redact A,B          paths of values that are not shown: metadata.apiKey,
                        *.password, messages; a trace is shown as it is
  --token TEXT          in place of a random one; who has it sees everything
  --no-open             does not open the browser, as without a terminal
  --output, -o OUT      writes the trace as one page that opens anywhere, also
                        from a disk, in place of serving it
  --force               replaces a file that is there already
  --help, -h            this text

Exit codes: 0 done, 1 failed, 2 wrong usage.
`,

  async run(argv, surroundings) {
    const { values, positionals } = parseCommand(argv, {
      port: { type: 'string' },
      host: { type: 'string' },
      allow: { type: 'string', multiple: true },
      'allow-origin': { type: 'string', multiple: true },
      redact: { type: 'string', multiple: true },
      token: { type: 'string' },
      'no-open': { type: 'boolean' },
      output: { type: 'string', short: 'o' },
      force: { type: 'boolean' },
    });
    const [what] = positionals.length === 0 ? [] : takePositionals(positionals, ['WHAT']);
    const isTrace = what?.endsWith('.json') === true;
    if (values.output !== undefined && !isTrace) throw new UsageError('--output needs a TRACE.json.');
    if (values.output === '') throw new UsageError('--output is an empty text.');
    if (values.force && values.output === undefined) throw new UsageError('--force needs --output.');
    const isStore = what !== undefined && !isTrace && !MODULE.test(what);
    if (isTrace) refuse(values, OF_WHAT_RUNS, 'a trace is shown as it is');
    if (values.output !== undefined) refuse(values, OF_A_SERVER, 'nothing is served with --output');
    if (isStore) refuse(values, ['allow'], 'nothing in a store is changed');
    if (what !== undefined && isTrace && values.output !== undefined) {
      const { writeTracePage } = await import('./trace-page.ts');
      await writeTracePage(what, values.output, values.force ?? false, surroundings);
      return DONE;
    }
    const options = checked({
      ...(values.host !== undefined && { host: values.host }),
      ...(values.token !== undefined && { token: values.token }),
      port: values.port === undefined ? PORT : takeCount('--port', values.port, 0),
      allow: listed(values.allow) as ActionName[],
      allowOrigin: listed(values['allow-origin']),
      redact: listed(values.redact),
      open: values['no-open'] !== true && surroundings.stdout.isTTY,
    });
    const { inspectApps, inspectModule, inspectStore, inspectTrace } = await import('./inspecting.ts');
    const order = { options, anyPort: values.port === undefined, surroundings };
    if (what === undefined) return inspectApps(order);
    if (isTrace) return inspectTrace(what, order);
    return isStore ? inspectStore(what, order) : inspectModule(what, order);
  },
};

const OF_WHAT_RUNS = ['allow', 'allow-origin', 'redact'];
const OF_A_SERVER = ['host', 'port', 'token', 'no-open'];

/** An option that does nothing must not look as if it did: least of all one that hides something. */
function refuse(values: Readonly<Record<string, unknown>>, flags: readonly string[], reason: string): void {
  const flag = flags.find((each) => values[each] !== undefined);
  if (flag !== undefined) throw new UsageError(`--${flag} has no place here: ${reason}.`);
}

/** A file that Node imports, and the name of an export. */
const MODULE = /\.[cm]?[jt]sx?(#[^/\\]*)?$/;

/** What is wrong is said in the words of the command line. */
function checked(given: InspectSessionsOptions): ResolvedInspectOptions {
  try {
    return resolveInspectOptions(given);
  } catch (error) {
    throw isSessionError(error) ? new UsageError(inFlags(error.message)) : error;
  }
}

/** `--allow a,b --allow c` */
function listed(given: readonly string[] = []): string[] {
  return given.flatMap((text) => text.split(',')).map((text) => text.trim());
}
