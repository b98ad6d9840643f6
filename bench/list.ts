import { type Benchmark, interleave, type Row } from './harness.ts';
import { fill, OurSessions } from './populations.ts';

const ROUNDS = 21;

export const list: Benchmark = {
  name: 'list',
  title: 'list sessions',
  heap: 'usual',
  async run(options) {
    const [some, all, page] = options.quick ? [20, 40, 10] : [10_000, 100_000, 100];
    const ten = (await fill(new OurSessions(some), options)).manager;
    const hundred = (await fill(new OurSessions(all), options)).manager;
    const middle = await hundred.listSessions({ limit: all / 2 });
    const after = middle.at(-1)?.seq ?? 0;
    const sample = await interleave(
      [
        { name: 'everything', ops: 1, run: () => ten.listSessions() },
        { name: 'first page', ops: 1, run: () => hundred.listSessions({ limit: page }) },
        { name: 'middle page', ops: 1, run: () => hundred.listSessions({ limit: page, after }) },
      ],
      options.quick ? 1 : ROUNDS,
      options,
    );
    const row = (what: string, name: string, goal: number): Row => {
      const { wall, cpu } = sample(name);
      return { what, unit: 'ms', ours: wall / 1000, oursCpu: cpu / 1000, goal };
    };
    return [
      row(`list ${some.toLocaleString('en-US')} sessions`, 'everything', 5),
      row(`the first page of ${page} at ${all.toLocaleString('en-US')}`, 'first page', 0.5),
      row(`a page of ${page} from the middle`, 'middle page', 0.5),
    ];
  },
};
