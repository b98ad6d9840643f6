import type {
  ReplayResult,
  Trace,
  Verification,
  VerificationProgress,
  VerificationReport,
} from '../testing/index.ts';
import { parseCommand, takeCount, takePositionals, UsageError } from './arguments.ts';
import { readText } from './files.ts';
import { loadVerifications, type NamedVerification, type TestingKit } from './modules.ts';
import { Progress } from './progress.ts';
import { type Command, DONE, FAILED, type Surroundings } from './surroundings.ts';
import { bold, counted, countedOf, printable, red } from './text.ts';

export const verify: Command = {
  help: `Usage: chartroom verify MODULE[#EXPORT] [options]
       chartroom verify --replay TRACE [MODULE[#EXPORT]]

Looks for a run that breaks what has to hold, and shows the smallest one found.
MODULE is a JavaScript or TypeScript file. Of its exports, or of EXPORT alone,
it verifies

  a machine of XState                as it is
  { machine, ...options }            with the options of verifyMachine
  { client: (env) => ..., ... }      a session client, with those of verifyClient
  { store: () => ... }               a session store, by the contract of stores

  --runs N              random runs
  --steps N             steps of a run, at most
  --seed N, --path P    the run that a failure named
  --terminate EVENT     an event by which a machine can always be ended; may be
                        given more than once
  --regressions FILE    kept runs, made first; a failure is added
  --trace-folder DIR    where the trace of a failure is written
  --replay TRACE        runs a trace again, step by step; one of a client needs no
                        MODULE when it is chartroom's own
  --json                as one JSON object on each line
  --help, -h            this text

Exit codes: 0 all holds, 1 something was broken, 2 wrong usage.
`,

  async run(argv, surroundings) {
    const { values, positionals } = parseCommand(argv, {
      runs: { type: 'string' },
      steps: { type: 'string' },
      seed: { type: 'string' },
      path: { type: 'string' },
      terminate: { type: 'string', multiple: true },
      regressions: { type: 'string' },
      'trace-folder': { type: 'string' },
      replay: { type: 'string' },
      json: { type: 'boolean' },
    });
    if (values.path !== undefined && values.seed === undefined)
      throw new UsageError('--path belongs to a --seed; a failure names both.');
    const options = {
      ...(values.runs !== undefined && { runs: takeCount('--runs', values.runs) }),
      ...(values.steps !== undefined && { steps: takeCount('--steps', values.steps) }),
      ...(values.seed !== undefined && { seed: takeCount('--seed', values.seed, Number.MIN_SAFE_INTEGER) }),
      ...(values.path !== undefined && { path: values.path }),
      ...(values.regressions !== undefined && { regressions: values.regressions }),
      ...(values['trace-folder'] !== undefined && { traceFolder: values['trace-folder'] }),
    };
    const kit = await surroundings.loadTesting();
    const json = values.json === true;
    // What the code under test says is not what it is asked for.
    if (json) surroundings.keepConsoleOff();
    if (values.replay !== undefined) {
      const [module] = positionals.length === 0 ? [] : takePositionals(positionals, ['MODULE']);
      return replayTrace(surroundings, kit, values.replay, module, json);
    }
    const [module = ''] = takePositionals(positionals, ['MODULE']);
    const found = await loadVerifications(surroundings, kit, module);
    const terminate = values.terminate && { terminate: values.terminate };
    let ok = true;
    for (const each of found)
      ok = (await verifyOne(surroundings, kit, withOptions(each, options, terminate), json)) && ok;
    return ok ? DONE : FAILED;
  },
};

function withOptions(
  { name, verification }: NamedVerification,
  options: object,
  terminate: object | undefined,
): NamedVerification {
  if ('store' in verification) return { name, verification };
  const own =
    'client' in verification ? { name, ...verification, ...options } : { ...verification, ...options };
  return { name, verification: ('machine' in verification ? { ...own, ...terminate } : own) as Verification };
}

async function verifyOne(
  surroundings: Surroundings,
  kit: TestingKit,
  { name, verification }: NamedVerification,
  json: boolean,
): Promise<boolean> {
  if ('store' in verification) return verifyCases(surroundings, kit, name, verification.store, json);
  const { stdout } = surroundings;
  const progress = new Progress(surroundings);
  const onProgress = (done: VerificationProgress): void =>
    progress.update(() => `${name}: ${progressText(done)}`);
  try {
    const report = await ('machine' in verification
      ? machineReport(kit, { ...verification, onProgress })
      : clientReport(kit, { ...verification, onProgress }));
    progress.end();
    stdout.write(
      json ? `${JSON.stringify({ name, ok: true, ...report })}\n` : reportText(name, report, surroundings),
    );
    return true;
  } catch (error) {
    progress.end();
    // What the kit refuses before it makes a run.
    if (error instanceof TypeError) throw new UsageError(`${name}: ${error.message}`);
    if (!(error instanceof kit.VerificationError)) throw error;
    const { invariant, seed, path, steps, runs, message, trace, traceFile } = error;
    stdout.write(
      json
        ? `${JSON.stringify({ name, ok: false, invariant, reason: trace.failure?.message, seed, path, steps, runs, traceFile })}\n`
        : failureText(message, surroundings),
    );
    return false;
  }
}

type MachineVerification = Extract<Verification, { machine: unknown }>;
type ClientVerification = Extract<Verification, { client: unknown }>;

function machineReport(
  kit: TestingKit,
  { machine, ...options }: MachineVerification,
): Promise<VerificationReport> {
  return kit.verifyMachine(machine, options);
}

function clientReport(
  kit: TestingKit,
  { client, ...options }: ClientVerification,
): Promise<VerificationReport> {
  return kit.verifyClient(client, options);
}

async function verifyCases(
  { stdout }: Surroundings,
  kit: TestingKit,
  name: string,
  create: Extract<Verification, { store: unknown }>['store'],
  json: boolean,
): Promise<boolean> {
  const cases = kit.verifyStore(create);
  let broken = 0;
  for (const { title, run } of cases) {
    const failure = await run().then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (failure !== undefined) broken += 1;
    if (json) stdout.write(`${JSON.stringify({ name, title, ok: failure === undefined, failure })}\n`);
    else if (failure !== undefined) stdout.write(`${red(`broken: ${title}`, stdout)}\n${indent(failure)}\n`);
  }
  const kept = `${counted(cases.length - broken, 'promise')} kept`;
  if (!json) stdout.write(`${bold(name, stdout)}: ${kept}${broken > 0 ? `, ${broken} broken` : ''}.\n`);
  return broken === 0;
}

function progressText(progress: VerificationProgress): string {
  const { runs, of, states, transitions, runsPerSecond, shrinking } = progress;
  if (shrinking) return `broken after ${counted(runs, 'run')}, looking for the smallest run that breaks it`;
  const rate = Math.round(runsPerSecond).toLocaleString('en');
  return `${countedOf(runs, of, 'run')}, ${counted(states, 'state')}, ${counted(transitions, 'transition')}, ${rate} runs/s`;
}

function reportText(name: string, report: VerificationReport, { stdout }: Surroundings): string {
  const { runs, states, transitions, neverTaken, seed, notes = [] } = report;
  const lines = [
    `${bold(name, stdout)}: ${counted(runs, 'run')}, ${counted(states.length, 'state')}, ` +
      `${counted(transitions.length, 'transition')}; nothing is broken (seed ${seed}).`,
    ...(neverTaken.length > 0 ? ['  never taken:', ...neverTaken.map((each) => `    ${each}`)] : []),
    ...notes.map((note) => `  note: ${note}`),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

function failureText(message: string, { stdout }: Surroundings): string {
  const [first = '', ...rest] = message.split('\n').map(printable);
  return `${[red(first, stdout), ...rest].join('\n')}\n`;
}

async function replayTrace(
  surroundings: Surroundings,
  kit: TestingKit,
  file: string,
  module: string | undefined,
  json: boolean,
): Promise<number> {
  const { stdout } = surroundings;
  const trace = readTrace(kit, file);
  const subjects = module === undefined ? [] : await loadVerifications(surroundings, kit, module);
  const subject = subjects.find(({ verification }) => trace.kind in verification)?.verification;
  if (module !== undefined && !subject)
    throw new UsageError(`${module} exports no ${trace.kind}, of which this trace is.`);
  let steps = 0;
  const onStep = ({ words }: { readonly words: string }): void => {
    steps += 1;
    if (!json) stdout.write(`  ${steps}. ${printable(words)}\n`);
  };
  const { entries: _, ...result } = await kit.replay(trace, { ...replaySubject(subject), onStep });
  if (json) stdout.write(`${JSON.stringify(result)}\n`);
  else stdout.write(`${printable(verdict(trace.failure?.invariant, result))}\n`);
  return result.invariant === undefined ? DONE : FAILED;
}

function readTrace({ parseTrace }: TestingKit, file: string): Trace {
  const text = readText(file);
  try {
    return parseTrace(text);
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
}

function replaySubject(subject: Verification | undefined): object {
  if (!subject || 'store' in subject) return {};
  if ('machine' in subject) {
    const { machine, ...machineOptions } = subject;
    return { machine, machineOptions };
  }
  const { client, ...clientOptions } = subject;
  return { client, clientOptions };
}

function verdict(before: string | undefined, result: Omit<ReplayResult, 'entries'>): string {
  const { reproduced, invariant, message, differs } = result;
  const course = differs === undefined ? 'All goes as it did.' : `It goes another way: ${differs}.`;
  if (invariant !== undefined && reproduced) return `It still breaks "${invariant}": ${message}`;
  if (invariant !== undefined) return `It breaks "${invariant}" now: ${message}`;
  return before === undefined
    ? `Nothing is broken. ${course}`
    : `It does not break "${before}" any more. ${course}`;
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${printable(line)}`)
    .join('\n');
}
