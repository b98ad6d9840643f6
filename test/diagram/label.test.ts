import { describe, expect, it } from 'vitest';
import type { ChartEdge, ChartState } from '../../src/diagram/chart.ts';
import {
  edgeLabel,
  edgeLines,
  fontOf,
  insideLine,
  isDeadline,
  keyOf,
  type Line,
  nameLine,
  piecesWidth,
  stateLines,
} from '../../src/diagram/label.ts';

const edge = (own: Partial<ChartEdge> = {}): ChartEdge => ({
  id: 'e0',
  source: 'a',
  targets: ['b'],
  kind: 'event',
  event: 'PAY',
  cause: 'PAY',
  actions: [],
  reenter: false,
  ...own,
});
const state = (own: Partial<ChartState> = {}): ChartState => ({
  id: 'a',
  key: 'a',
  parent: '',
  type: 'atomic',
  entry: [],
  exit: [],
  invokes: [],
  tags: [],
  ...own,
});
const words = (lines: readonly Line[]) => lines.map(({ pieces }) => pieces.map(({ text }) => text).join(' '));

describe('the label of a transition', () => {
  it('is written as people write statecharts', () => {
    expect(edgeLabel(edge())).toBe('PAY');
    expect(edgeLabel(edge({ guard: 'isOpen', actions: ['count', 'tell'] }))).toBe(
      'PAY [isOpen] / count, tell',
    );
    expect(edgeLabel(edge({ cause: 'after 5 s', actions: ['x'] }))).toBe('after 5 s / x');
  });

  it('says of one that forbids its event that it is ignored', () => {
    const forbids = edge({ targets: [], guard: 'busy' });
    expect(edgeLabel(forbids)).toBe('PAY [busy] / ignored');
    expect(words(stateLines(state(), [forbids]))).toEqual(['PAY [busy] / ignored']);
    expect(edgeLabel({ ...forbids, actions: ['x'] })).toBe('PAY [busy] / x');
  });

  it('says that its state is entered again, where it would not be otherwise', () => {
    const again = edge({ reenter: true, guard: 'g', actions: ['x'] });
    for (const [source, targets] of [
      ['a', ['a']],
      ['a', ['a.b', 'a.c']],
      ['', ['b']],
    ] as const) {
      const each = { ...again, source, targets };
      expect(edgeLabel(each)).toBe('PAY [g] (reenter) / x');
      expect(words(edgeLines([each]))).toEqual(['PAY [g] (reenter) / x']);
      expect(edgeLabel({ ...each, reenter: false })).toBe('PAY [g] / x');
    }
    for (const targets of [['b'], ['ab'], [], ['a', 'b']])
      expect(edgeLabel({ ...again, targets })).toBe('PAY [g] / x');
  });

  it('stands on lines that are no wider than there is room for, the transition begun anew on each first', () => {
    const long = edge({ guard: 'someoneWaits', actions: ['takeNext', 'tellEverybody', 'andGoOn'] });
    const lines = edgeLines([long, edge({ id: 'e1' })]);
    expect(words(lines)).toEqual(['PAY [someoneWaits]', '/ takeNext, tellEverybody,', 'andGoOn', 'PAY']);
    expect(lines.map((line) => line.edge)).toEqual(['e0', 'e0', 'e0', 'e1']);
    expect(lines.map(({ indent }) => indent)).toEqual([0, 10, 10, 0]);
    for (const { width } of lines) expect(width).toBeLessThanOrEqual(176);
  });

  it('has a clock when it is a deadline', () => {
    const after = edge({ kind: 'after', event: 'xstate.after.5000.a', cause: 'after 5 s' });
    expect(isDeadline(after)).toBe(true);
    expect(isDeadline(edge({ event: 'deadline.cleanup' }))).toBe(true);
    expect(isDeadline(edge())).toBe(false);
    const [first, second] = edgeLines([{ ...after, actions: ['a'.repeat(20), 'b'.repeat(20)] }]);
    expect([first?.mark, second?.mark]).toEqual(['clock', undefined]);
    expect([first?.indent, second?.indent]).toEqual([16, 26]);
  });

  it('is cut when one word is too long, and shows what cannot be seen', () => {
    const [line] = edgeLines([edge({ cause: 'x'.repeat(1_000_000) })]);
    expect(line?.pieces[0]?.text).toMatch(/^x+…$/);
    expect(line?.width).toBeLessThanOrEqual(176);
    expect(words(edgeLines([edge({ cause: 'a\nb' })]))).toEqual(['a\\u{a}b']);
  });
});

describe('what a state says', () => {
  it('is its tags, its actors, what it does, and its transitions without a target', () => {
    const lines = stateLines(
      state({
        tags: ['busy', 'late'],
        invokes: [{ id: 'x', name: 'agent' }],
        entry: ['ring', 'light'],
        exit: ['dim'],
      }),
      [edge({ guard: 'quiet', actions: ['settle'] })],
    );
    expect(words(lines)).toEqual([
      '#busy #late',
      'agent',
      'entry / ring, light',
      'exit / dim',
      'PAY [quiet] / settle',
    ]);
    expect(lines.map(({ mark }) => mark)).toEqual([undefined, 'actor', undefined, undefined, undefined]);
    expect(lines.at(-1)?.edge).toBe('e0');
    expect(stateLines(state(), [])).toEqual([]);
  });

  it('begins with its name, which is bold, and marked when it is final', () => {
    expect(nameLine(state()).pieces).toEqual([{ text: 'a', style: 'name' }]);
    expect(nameLine(state({ type: 'final' }))).toMatchObject({ mark: 'final', indent: 16 });
    expect(fontOf({ text: '', style: 'name' }).size).toBeGreaterThan(
      fontOf({ text: '', style: 'cause' }).size,
    );
    expect(keyOf(state({ key: '' }))).toBe('(empty)');
  });

  it('is how many states are in it when they are not drawn', () => {
    expect(words([insideLine(1), insideLine(7)])).toEqual(['1 state inside', '7 states inside']);
  });
});

describe('the width of a line', () => {
  it('is that of its words, of the spaces between them and of what is before them', () => {
    const pieces = [
      { text: 'PAY', style: 'cause' },
      { text: '[x]', style: 'guard' },
    ] as const;
    const [line] = edgeLines([edge({ guard: 'x' })]);
    expect(line?.width).toBe(piecesWidth(pieces));
    expect(piecesWidth(pieces)).toBeGreaterThan(piecesWidth(pieces.slice(0, 1)));
    expect(piecesWidth([])).toBe(0);
  });
});
