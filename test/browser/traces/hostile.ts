/** Traces that mean harm, or that nobody can read: what is opened may come from anybody. */
import { chartKey, chartOf, layOut } from '../../../src/diagram/index.ts';
import type { Json, JsonObject } from '../../../src/index.ts';
import type { Trace, TraceEntry } from '../../../src/testing/trace.ts';
import { CANARY } from '../../support/browser.ts';

const CALL = `${CANARY}()`;

/** Each would run somewhere: as HTML, in an attribute, in a script, as an address, as a template, as a pattern. */
export const ATTACKS = [
  `<img src=x onerror=${CALL}>`,
  `</script><script>${CALL}</script>`,
  `"><svg onload=${CALL}>`,
  `javascript:${CALL}`,
  `'-${CALL}-'`,
  `<!--<script>${CALL}//-->`,
  `\${${CALL}}{{${CALL}}}`,
  `<style>*{visibility:hidden}</style>$&$'`,
  `]]><iframe srcdoc="<script>parent.${CALL}</script>">`,
  '\u202Eright to left\u0000\uD800',
] as const;

let used = 0;
/** One attack after another, behind a word by which a person would find the place. */
function attack(word: string): string {
  used += 1;
  return `${word}${ATTACKS[used % ATTACKS.length]}`;
}

/** A trace with an attack wherever a text can be. `subject` is the first attack. */
export function hostileTrace(): Trace {
  used = 0;
  const subject = `subject ${ATTACKS[0]}`;
  const machine = attack('machine ');
  const [first, second] = [attack('first '), attack('second ')];
  const [press, guard, action] = [attack('press '), attack('guard '), attack('action ')];
  const id = attack('session ');
  const definition: JsonObject = {
    id: machine,
    initial: first,
    description: attack('description '),
    states: {
      [first]: {
        entry: [{ type: action }],
        tags: [attack('tag ')],
        description: attack('of the state '),
        invoke: [{ id: attack('invoked '), src: attack('source ') }],
        on: { [press]: [{ target: second, guard: { type: guard }, actions: [{ type: action }] }] },
      },
      [second]: { after: { 1000: { target: first } } },
    },
  };
  const at = { step: 0, atMs: 1_700_000_000_000 };
  const iso = '2023-11-14T22:13:20.000Z';
  const fact = (seq: number, type: string, payload: JsonObject): TraceEntry => ({
    ...at,
    kind: 'fact',
    fact: { seq, sessionId: id, sessionSeq: seq, at: iso, type, payload },
  });
  const message = {
    id: attack('message '),
    seq: 3,
    role: 'user',
    content: attack('content '),
    createdAt: iso,
    metadata: { [attack('of the message ')]: attack('value ') },
  };
  const entries: TraceEntry[] = [
    { ...at, kind: 'call', call: 1, name: attack('call '), sessionId: id, arguments: [attack('argument ')] },
    fact(1, 'session_created', {
      metadata: { [attack('metadata ')]: attack('value ') },
      llmConfig: {},
      config: {},
    }),
    fact(2, 'session_status', {
      status: 'active',
      previousStatus: 'initializing',
      reason: attack('reason '),
    }),
    fact(3, 'conversation_added', { message }),
    fact(4, 'file_added', { path: attack('file ') }),
    fact(5, 'working_context_updated', {
      key: attack('key '),
      value: { [attack('inner ')]: attack('held ') },
    }),
    fact(6, attack('type '), { [attack('payload ')]: attack('value ') }),
    { ...at, kind: 'event', event: { type: attack('event '), sessionId: id, text: attack('text ') } },
    { ...at, kind: 'schedule', label: attack('label ') },
    {
      ...at,
      kind: 'snapshot',
      definition: machine,
      actor: id,
      value: first,
      status: 'active',
      context: context(),
    },
    { ...at, kind: 'sent', definition: machine, actor: id, event: { type: press, by: attack('by ') } },
    { ...at, kind: 'snapshot', definition: machine, actor: id, value: second, status: attack('status ') },
    { ...at, kind: 'settled', call: 1, ok: false, error: attack('error ') },
    { ...at, kind: attack('kind ') } as never,
  ];
  return {
    format: 'chartroom-trace',
    version: 1,
    kind: 'client',
    subject,
    seed: 1,
    path: attack('path '),
    definitions: { [machine]: definition },
    steps: [{ words: attack('step '), atMs: at.atMs }],
    entries,
    failure: {
      invariant: attack('invariant '),
      message: attack('failure '),
      step: 0,
      entries: entries.length - 1,
    },
    run: null,
  };
}

/** What would make of an object another thing, as keys. */
function context(): Json {
  const keys =
    '"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}, "toString": 1';
  return { ...JSON.parse(`{${keys}}`), [attack('context ')]: attack('value '), list: [attack('listed ')] };
}

/** Drawings as a saved page carries them, in which every number is an attack, and every id another one. */
export async function hostileDrawings(trace: Trace): Promise<Record<string, object>> {
  const drawings: Record<string, object> = {};
  for (const definition of Object.values(trace.definitions)) {
    const chart = chartOf(definition);
    const spoil = (_key: string, value: unknown) =>
      typeof value === 'number' ? `${value}" onload="${CALL}"><script>${CALL}</script>` : value;
    drawings[chartKey(chart)] = JSON.parse(JSON.stringify(await layOut(chart), spoil));
  }
  return drawings;
}

/** JSON text of a trace with so many entries, written piece by piece. */
export function* enormousTrace(entries: number): Generator<string> {
  const { entries: _entries, failure: _failure, ...rest } = hostileTrace();
  yield `${JSON.stringify({ ...rest, subject: 'enormous', kind: 'recording', definitions: {} }).slice(0, -1)},"entries":[`;
  const entry = '{"step":0,"atMs":0,"kind":"event","event":{"type":"tick"}}';
  const block = Array.from({ length: 1000 }, () => entry).join(',');
  for (let written = 0; written < entries; written += 1000) yield written === 0 ? block : `,${block}`;
  yield ']}';
}

/** A trace whose context is nested so deep. */
export function deepTrace(depth: number): string {
  const text = JSON.stringify({ ...hostileTrace(), subject: 'deep', run: 'HERE' });
  return text.replace('"HERE"', () => '['.repeat(depth) + ']'.repeat(depth));
}
