import { createMachine } from 'xstate';
import { type Chart, chartOf, drawSvg, layOut } from '../src/diagram/index.ts';
import { type Benchmark, interleave, type Row } from './harness.ts';

const SIZES = [10, 50, 200];
/** Milliseconds that a person waits before the chart is there: at once, soon, and with patience. */
const GOALS: Readonly<Record<number, number>> = { 10: 150, 50: 500, 200: 1_500 };

export const diagram: Benchmark = {
  name: 'diagram',
  title: 'lay a statechart out (chartroom/diagram, in one thread)',
  heap: 'usual',
  async run(options) {
    const charts = (options.quick ? [10] : SIZES).map((states) => ({ states, chart: chartOfSize(states) }));
    const sample = await interleave(
      charts.map(({ states, chart }) => ({ name: `${states}`, ops: 1, run: () => layOut(chart) })),
      options.quick ? 1 : 9,
      options,
    );
    const rows = charts.map(({ states }): Row => {
      const { wall, cpu } = sample(`${states}`);
      const goal = GOALS[states];
      const what = `layout of ${states} states`;
      return {
        what,
        unit: 'ms',
        ours: wall / 1000,
        oursCpu: cpu / 1000,
        ...(goal !== undefined && { goal }),
      };
    });
    return [...rows, await pictureRow(charts.at(-1)?.chart, options)];
  },
};

async function pictureRow(chart: Chart | undefined, options: Parameters<Benchmark['run']>[0]): Promise<Row> {
  if (!chart) throw new Error('there is no chart to draw');
  const drawing = await layOut(chart);
  const sample = await interleave(
    [{ name: 'picture', ops: 1, run: () => drawSvg(chart, drawing) }],
    options.quick ? 1 : 9,
    options,
  );
  const { wall, cpu } = sample('picture');
  return {
    what: `picture of ${chart.states.length - 1} states, laid out`,
    unit: 'ms',
    ours: wall / 1000,
    oursCpu: cpu / 1000,
  };
}

/**
 * A chart as applications have them, in groups of ten states: a compound state with an idle one and two more compound
 * ones of three each, with deadlines, guards, actions and ways back. Tens and hundreds are more of the same.
 */
export function chartOfSize(states: number): Chart {
  const groups = states / 10;
  const inner = (name: string, own: object) => ({
    initial: 'one',
    entry: `enter${name}`,
    states: {
      one: { on: { 'step.done': 'two', 'step.failed': { target: 'three', actions: 'reportFailure' } } },
      two: { after: { 5000: { target: 'three', guard: 'isLate' } }, on: { retry: 'one' } },
      three: { on: { again: { target: 'one', guard: 'mayTryAgain' } } },
    },
    ...own,
  });
  const group = (index: number) => ({
    initial: 'idle',
    states: {
      idle: { on: { start: 'work' } },
      work: inner('Work', { on: { cancel: 'idle' }, onDone: 'check' }),
      check: inner('Check', { on: { cancel: 'idle', pass: 'idle' } }),
    },
    on: { next: `group${(index + 1) % groups}` },
  });
  const all = Array.from({ length: groups }, (_, index) => [`group${index}`, group(index)]);
  const config = { id: `of${states}`, initial: 'group0', states: Object.fromEntries(all) };
  return chartOf(createMachine(config as never));
}
