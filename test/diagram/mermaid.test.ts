import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { managerMachine } from '../../machines/index.ts';
import { chartOf } from '../../src/diagram/chart-of.ts';
import { readDefinition } from '../../src/diagram/definition.ts';
import { toMermaid } from '../../src/diagram/mermaid.ts';
import { checkout, randomMachines } from './charts.ts';

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;
/** What is left of a text when every entity is one: nothing that Mermaid or HTML would read. */
const TEXT = /^(?:[\p{L}\p{N} _.,/()→…'!?=+-]|#\d+;)+$/u;
const WORDS = new Set([
  'state',
  'note',
  'end',
  'as',
  'class',
  'style',
  'click',
  'direction',
  'default',
  'root',
  'fork',
]);

/** Reads the part of the grammar of `stateDiagram-v2` that is written; throws where a line is none of it. */
function parse(text: string): { states: Map<string, string>; transitions: [string, string, string?][] } {
  const [first, ...lines] = text.trimEnd().split('\n');
  if (first !== 'stateDiagram-v2') throw new Error(`no diagram: ${first}`);
  const states = new Map<string, string>();
  const transitions: [string, string, string?][] = [];
  const open: string[] = [];
  let inNote = false;
  const declare = (name: string, label: string) => {
    if (!NAME.test(name) || WORDS.has(name.toLowerCase()) || states.has(name))
      throw new Error(`name: ${name}`);
    if (!TEXT.test(label)) throw new Error(`label: ${label}`);
    states.set(name, label);
  };
  const isKnown = (name: string) => name === '[*]' || states.has(name);
  for (const raw of lines) {
    const line = raw.trim();
    if (inNote) {
      if (line === 'end note') inNote = false;
      else if (!TEXT.test(line)) throw new Error(`note: ${line}`);
      continue;
    }
    const state = /^state "([^"]*)" as (\S+)( \{)?$/.exec(line);
    const fork = /^state (\S+) <<fork>>$/.exec(line);
    const arrow = /^(\S+) --> (\S+)(?: : (.+))?$/.exec(line);
    const words = /^(\S+) : (.+)$/.exec(line);
    const note = /^note right of (\S+)$/.exec(line);
    if (state?.[1] !== undefined && state[2] !== undefined) {
      declare(state[2], state[1]);
      if (state[3]) open.push(state[2]);
    } else if (fork?.[1]) declare(fork[1], 'fork');
    else if (line === '}') {
      if (!open.pop()) throw new Error('a brace too many');
    } else if (line === '--') {
      if (open.length === 0) throw new Error('a divider outside of any state');
    } else if (note?.[1]) {
      if (!isKnown(note[1])) throw new Error(`a note on ${note[1]}`);
      inNote = true;
    } else if (arrow?.[1] && arrow[2]) {
      if (arrow[3] !== undefined && !TEXT.test(arrow[3])) throw new Error(`text: ${arrow[3]}`);
      transitions.push([arrow[1], arrow[2], ...(arrow[3] === undefined ? [] : [arrow[3]])] as [
        string,
        string,
      ]);
    } else if (words?.[1] && words[2]) {
      if (!isKnown(words[1]) || !TEXT.test(words[2])) throw new Error(`words: ${line}`);
    } else throw new Error(`no such line: ${line}`);
  }
  if (open.length > 0 || inNote) throw new Error('something is left open');
  for (const [from, to] of transitions)
    if (!isKnown(from) || !isKnown(to))
      throw new Error(`${from} --> ${to} is between states that are not there`);
  return { states, transitions };
}

describe('Mermaid', () => {
  it('of a machine reads as a person would write it', () => {
    expect(toMermaid(chartOf(managerMachine))).toBe(`stateDiagram-v2
  state "manager" as manager {
    [*] --> recovering
    state "recovering" as recovering
    recovering : invoke recovery
    state "running" as running
    running : entry / admit
    state "closing" as closing
    closing : invoke shutdown
    state "failed" as failed
    state "closed" as closed
    closed --> [*]
  }
  note right of manager
    invoke supervisor
    error#58; #42; / reportFault
    session.failed / reportFailure
    session.escalated / reportEscalation
  end note
  recovering --> closing : manager.close
  recovering --> running : done#58; recovery
  recovering --> failed : error#58; recovery / refuse
  running --> closing : manager.close
  closing --> closed : done#58; shutdown
  closing --> closed : error#58; shutdown
  failed --> closing : manager.close
`);
  });

  it('has regions, forks and history, in its own way', () => {
    const text = toMermaid(chartOf(checkout));
    expect(text.match(/^ +--$/gm)).toHaveLength(2);
    expect(text).toContain('state "H#42;" as paying_before');
    expect(text).toContain('state "H" as paying_last');
    expect(text).toContain('  paying_before --> paying_idle\n');
    const { transitions } = parse(text);
    const fork = transitions.find(([, , label]) => label === 'JUMP')?.[1];
    expect(transitions.filter(([from]) => from === fork).map(([, to]) => to)).toEqual([
      'shopping_address_checking',
      'shopping_delivery_chosen',
    ]);
  });

  it('has no line between a state and one that is in it, on which Mermaid fails', () => {
    const text = toMermaid(chartOf(checkout));
    const note = text.slice(text.indexOf('note right of checkout'));
    expect(note.slice(0, note.indexOf('end note'))).toContain('RESET / clear → browsing\n');
    expect(text).not.toContain('checkout -->');
  });

  it('writes into a state what it forbids', () => {
    expect(toMermaid(chartOf(checkout))).toContain('  browsing : IGNORED / ignored\n');
  });

  it('is valid whatever states, events and actions are called', () => {
    const states = {
      'a b': {
        entry: 'do "it"; now: } %%{init}%%',
        on: { 'x: y;"z"': 'end', '<img src=x onerror=alert(1)>': 'note', '#35; --> \\[*\\]': 'a_b' },
      },
      end: {},
      note: { initial: 'default', states: { default: {} } },
      a_b: {},
      A_B: {},
      '--': { type: 'final' },
      '1': {},
      '': {},
      fork_e0: {},
      'new\nline': { on: { 'b\n}': { target: ['r.x', 'r.y'] } } },
      r: { type: 'parallel', states: { x: {}, y: {} } },
      constructor: {},
      ['x'.repeat(100_000)]: {},
    };
    const text = toMermaid(chartOf(createMachine({ id: '"m"', initial: 'a b', states } as never)));
    const { states: found } = parse(text);
    expect([...found.values()]).toContain('--');
    expect(found.get('s_end')).toBe('end');
    expect(found.get('s__e')).toBe('(empty)');
    expect(new Set([...found.keys()].map((name) => name.toLowerCase())).size).toBe(found.size);
    expect(text.length).toBeLessThan(4_000);
  });

  it('names no state as what every object has, on which Mermaid fails', () => {
    const keys = Object.getOwnPropertyNames(Object.prototype);
    const states = Object.fromEntries(keys.map((key) => [key, {}]));
    const { states: found } = parse(toMermaid(readDefinition({ id: 'valueOf', states })));
    expect(found.size).toBe(keys.length + 1);
    expect(found.get('s_toString')).toBe('toString');
    expect([...found.keys()].filter((name) => name in {})).toEqual([]);
  });

  it('reads each transition a few times at most, however many states there are', () => {
    const size = 300;
    let reads = 0;
    const states = Object.fromEntries(
      Array.from({ length: size }, (_, at) => [`s${at}`, { on: { NEXT: `s${(at + 1) % size}` } }]),
    );
    const chart = chartOf({ id: 'm', initial: 's0', states });
    const edges = chart.edges.map(
      (edge) =>
        new Proxy(edge, {
          get(target, key) {
            if (key === 'source') reads += 1;
            return Reflect.get(target, key);
          },
        }),
    );
    expect(toMermaid({ ...chart, edges })).toBe(toMermaid(chart));
    expect(reads).toBeLessThan(size * 10);
  });

  it('tells apart names that are the same to it, in their order', () => {
    const text = toMermaid(
      chartOf({ id: 'm', type: 'parallel', states: { é: {}, s___2: {}, ü: {}, S___2: {}, ö: {} } }),
    );
    expect([...parse(text).states.keys()]).toEqual(['m', 's__', 's___2', 's___3', 'S___2_2', 's___4']);
  });

  it('is valid for random charts', () => {
    fc.assert(
      fc.property(randomMachines, (machine) => {
        const chart = chartOf(machine);
        const { states, transitions } = parse(toMermaid(chart));
        expect(states.size).toBeGreaterThanOrEqual(chart.states.length);
        expect(transitions.length).toBeGreaterThan(0);
      }),
      { numRuns: 200, seed: 3 },
    );
  });
});
