/** A scenario in plain words, for whoever reads a failure: `create a · send a · kill a`. */
import { PLAIN_SETTINGS } from './plain.ts';
import { PLAIN_PLAN } from './reactions.ts';
import type { Call, Command, Plan, Scenario, Settings } from './scenario.ts';

/** One step; a `+` starts in the same turn of the event loop as what came before it. */
export function wordsFor({ steps }: Scenario, index: number): string {
  const step = steps[index];
  if (!step) throw new RangeError(`no step ${index}`);
  const together = index > 0 && steps[index - 1]?.turn === false;
  return together ? `+ ${words(step.command)}` : words(step.command);
}

/** Under which settings the run was made, as far as they are not plain; `undefined` when all are. */
export function settingsInWords(settings: Settings): string | undefined {
  const { config, agent, hooks, files, store, ...others } = settings;
  const limits = Object.entries(config).map(([limit, value]) => `${limit} ${value}`);
  const said = Object.entries(others).filter(
    ([name, value]) => SAID.includes(name) && value !== PLAIN_SETTINGS[name as keyof Settings],
  );
  const all = [
    ...limits,
    ...said.map(([name, value]) => `${name} ${value}`),
    ...(agent ? ['an agent'] : []),
    ...(hooks ? ['hooks'] : []),
    ...(files ? ['files'] : []),
    ...(store === 'memory' ? [] : [STORES[store]]),
  ];
  return all.length === 0 ? undefined : `with ${all.join(', ')}`;
}

const STORES = { slow: 'a slow store', 'slow to read': 'a store that is slow to read' };

/** Of the others nobody who reads a failure has to know. */
const SAID: readonly string[] = [
  ...['restart', 'maxRestarts', 'withinMs', 'backoffMs', 'initializeMs', 'terminateMs'],
  ...['maxSessions', 'maxPending', 'retainEvents', 'startsAt', 'reaction'],
];

function words(command: Command): string {
  switch (command.do) {
    case 'call':
      return callInWords(command.id, command.call);
    case 'sends':
      return `${command.callers} callers send ${command.id}${command.key === null ? '' : ` key ${command.key}`}`;
    case 'advance':
      return `advance ${command.ms} ms`;
    case 'crash':
      return `crash the process${command.haunts ? ', which haunts' : ''} (landed ${command.landed.toString(2)})`;
    case 'recover':
      return command.spoils === null ? 'recover' : `recover without ${command.spoils}`;
    case 'fault': {
      const { what, times, late, landed } = command.fault;
      return `fault ${what} ×${times}${late ? ' late' : ''}${landed ? ' landed' : ''}`;
    }
    case 'touch':
      return `write ${command.path} on disk`;
    case 'subscribe':
    case 'stream':
      return `${slowness(command)}${command.do} ${command.topic ?? 'all'}${command.back === null ? '' : ` ${command.back} back`}`;
    case 'unsubscribe':
    case 'leave':
    case 'abort':
      return `${command.do} #${command.nth}`;
    default:
      return command.do;
  }
}

function slowness(command: Command): string {
  return command.do === 'stream' && command.slow ? 'slow ' : '';
}

function callInWords(id: string, call: Call): string {
  const name = JSON.stringify(id).slice(1, -1) || "''";
  switch (call.kind) {
    case 'create':
    case 'getOrCreate':
      return `${call.kind} ${name}${planInWords(call.plan)}`;
    case 'dispatch':
      return `dispatch ${name} ${call.act === 'own' ? JSON.stringify(call.event) : call.act}`;
    case 'send':
      return `send ${name}${call.key === null ? '' : ` key ${call.key}`}${call.tokens === 1 ? '' : ` (${call.tokens} tokens)`}`;
    case 'put':
    case 'get':
    case 'delete':
      return `${call.kind} ${name} ${call.key}`;
    case 'addFile':
    case 'removeFile':
    case 'readFile':
    case 'cacheFile':
    case 'invalidate':
    case 'updateIndex':
      return `${call.kind} ${name} ${call.path}`;
    default:
      return `${call.kind} ${name}`;
  }
}

function planInWords(plan: Plan): string {
  const said = Object.entries(plan).filter(([hook, how]) => how !== PLAIN_PLAN[hook as keyof Plan]);
  return said.length === 0 ? '' : ` (${said.map(([hook, how]) => `${hook} ${how}`).join(', ')})`;
}
