/**
 * Makes a failing run smaller as long as the same invariant breaks: steps are left out, in runs of them from half of
 * all down to single ones (delta debugging, Zeller 1999), then settings and arguments are made plain.
 *
 * It takes the place of fast-check's shrinker, which knows nothing of steps and needs a hundred times the runs.
 */
import { PLAIN_SETTINGS } from './plain.ts';
import { PLAIN_PLAN } from './reactions.ts';
import { RunFailure, runTwice } from './run.ts';
import type { Command, Scenario, Settings, Step } from './scenario.ts';
import type { Subject } from './subject.ts';

export interface Minimized {
  readonly scenario: Scenario;
  readonly failure: RunFailure;
}

export interface MinimizeOptions {
  /** Settings that are the same in every run stay what they are. */
  readonly pinned: Partial<Settings>;
  /** Told of every run that is made. */
  readonly tried: () => void;
}

type Attempt = (scenario: Scenario) => Promise<boolean>;

export async function minimize(
  subject: Subject,
  found: Minimized,
  { pinned, tried }: MinimizeOptions,
): Promise<Minimized> {
  let best = found;
  let smaller = true;
  const attempt: Attempt = async (scenario) => {
    tried();
    const failure = await stillFails(subject, best.failure, scenario);
    if (!failure) return false;
    best = { scenario, failure };
    smaller = true;
    return true;
  };
  while (smaller) {
    smaller = false;
    await leaveOut(() => best.scenario, attempt);
    await makePlain(() => best.scenario, attempt, pinned);
  }
  return best;
}

async function leaveOut(current: () => Scenario, attempt: Attempt): Promise<void> {
  for (let size = Math.ceil(current().steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let end = current().steps.length; end > 0; end -= size) {
      const scenario = current();
      const { steps } = scenario;
      const start = Math.max(0, end - size);
      if (steps.length <= end - start || end > steps.length) continue;
      await attempt({ ...scenario, steps: [...steps.slice(0, start), ...steps.slice(end)] });
    }
  }
}

async function makePlain(
  current: () => Scenario,
  attempt: Attempt,
  pinned: Partial<Settings>,
): Promise<void> {
  if (current().schedule !== 1) await attempt({ ...current(), schedule: 1 });
  await renameIds(current, attempt);
  for (const settings of plainerSettings(current().settings, pinned))
    await attempt({ ...current(), settings: { ...current().settings, ...settings } });
  for (let index = current().steps.length - 1; index >= 0; index -= 1)
    for (const part of Object.keys(PLAINER) as Part[]) {
      const { steps } = current();
      const step = steps[index];
      const plainer = step && PLAINER[part](step);
      if (!plainer || JSON.stringify(plainer) === JSON.stringify(step)) continue;
      await attempt({ ...current(), steps: steps.with(index, plainer) });
    }
}

/** The first session is `a` and the next one `b`, so that failures of several seeds come to the same run. */
async function renameIds(current: () => Scenario, attempt: Attempt): Promise<void> {
  for (const name of ['a', 'b']) {
    const used = [
      ...new Set(current().steps.flatMap(({ command }) => ('id' in command ? [command.id] : []))),
    ];
    const first = used.find((id) => id !== 'a' && id !== 'b');
    const from = name === 'a' && !used.includes('a') ? used[0] : first;
    if (from !== undefined && from !== name && !used.includes(name))
      await attempt(renamed(current(), from, name));
  }
}

function renamed(scenario: Scenario, from: string, to: string): Scenario {
  const steps = scenario.steps.map((step) => {
    const { command } = step;
    const id = 'id' in command && command.id === from ? { id: to } : {};
    const topic = 'topic' in command && command.topic === from ? { topic: to } : {};
    const spoils = 'spoils' in command && command.spoils === from ? { spoils: to } : {};
    return { ...step, command: { ...command, ...id, ...topic, ...spoils } as Command };
  });
  return { ...scenario, steps };
}

/** Each setting by itself; of a session's own config each limit. */
function plainerSettings(settings: Settings, pinned: Partial<Settings>): Partial<Settings>[] {
  const keys = (Object.keys(PLAIN) as Array<keyof Settings>).filter(
    (key) => !(key in pinned) && JSON.stringify(settings[key]) !== JSON.stringify(PLAIN[key]),
  );
  const limits = 'config' in pinned ? [] : Object.keys(settings.config);
  const withoutLimit = (left: string) =>
    Object.fromEntries(Object.entries(settings.config).filter(([limit]) => limit !== left));
  return [
    ...keys.map((key) => ({ [key]: PLAIN[key] })),
    ...limits.map((limit) => ({ config: withoutLimit(limit) })),
  ];
}

const PLAIN: Settings = { ...PLAIN_SETTINGS, agent: false, hooks: false };

/** Ways to make a step plainer, each of which may leave it as it is. */
const PLAINER = {
  /** A turn of the event loop after a step is plainer than none. */
  apart: (step: Step) => ({ ...step, turn: true }),
  toA: (step: Step) => ('id' in step.command ? withCommand(step, { ...step.command, id: 'a' }) : step),
  plan: (step: Step) => withCall(step, (call) => ('plan' in call ? { ...call, plan: PLAIN_PLAN } : call)),
  initialize: (step: Step) => withPlan(step, { initialize: PLAIN_PLAN.initialize }),
  again: (step: Step) => withPlan(step, { again: PLAIN_PLAN.again }),
  cleanup: (step: Step) => withPlan(step, { cleanup: PLAIN_PLAN.cleanup }),
  brittle: (step: Step) => withPlan(step, { brittle: PLAIN_PLAN.brittle }),
  create: (step: Step) =>
    withCall(step, (call) => (call.kind === 'getOrCreate' ? { ...call, kind: 'create' } : call)),
  noKey: (step: Step) => withCall(step, (call) => (call.kind === 'send' ? { ...call, key: null } : call)),
  short: (step: Step) => withCall(step, (call) => (call.kind === 'send' ? { ...call, tokens: 1 } : call)),
  noLimit: (step: Step) =>
    withCall(step, (call) => (call.kind === 'terminate' ? { ...call, timeoutMs: null } : call)),
  plainly: (step: Step) => withCommand(step, plainly(step.command)),
} satisfies Record<string, (step: Step) => Step>;

type Part = keyof typeof PLAINER;
type Call = Extract<Command, { do: 'call' }>['call'];

function withCommand(step: Step, command: Command): Step {
  return { ...step, command };
}

function withCall(step: Step, change: (call: Call) => Call): Step {
  const { command } = step;
  return command.do === 'call' ? withCommand(step, { ...command, call: change(command.call) }) : step;
}

function withPlan(step: Step, part: object): Step {
  return withCall(step, (call) => ('plan' in call ? { ...call, plan: { ...call.plan, ...part } } : call));
}

function plainly(command: Command): Command {
  switch (command.do) {
    case 'call':
      return { ...command, viaHandle: false };
    case 'sends':
      return { ...command, callers: 2, key: null };
    case 'crash':
      return { ...command, landed: 0, haunts: false };
    case 'fault':
      return { ...command, fault: { ...command.fault, times: 1, late: false, landed: false } };
    case 'subscribe':
      return { ...command, topic: null, types: null, back: null, fails: 'no', bySignal: false };
    case 'stream':
      return { ...command, topic: null, back: null, buffer: null, slow: false };
    case 'unsubscribe':
    case 'leave':
    case 'abort':
      return { ...command, nth: 0 };
    default:
      return command;
  }
}

async function stillFails(
  subject: Subject,
  { violation }: RunFailure,
  scenario: Scenario,
): Promise<RunFailure | undefined> {
  try {
    await runTwice(subject, scenario);
    return undefined;
  } catch (error) {
    return error instanceof RunFailure && error.violation.invariant === violation.invariant
      ? error
      : undefined;
  }
}
