import { type Benchmark, type Contender, compare, interleave } from './harness.ts';
import { OurSessions } from './populations.ts';

const SENT = 5_000;
const ROUNDS = 11;
const TEXT = 'twenty characters ok';

export const history: Benchmark = {
  name: 'history',
  title: 'send with a long history',
  heap: 'quiet',
  async run(options) {
    const [short, long] = options.quick ? [5, 20] : [100, 10_000];
    const { manager } = new OurSessions(0);
    const contender = async (length: number): Promise<Contender> => {
      // The history keeps its length: each message pushes one out.
      const config = { maxMessages: length, maxTokens: 1_000_000 };
      const session = await manager.createSession({ id: `with-${length}`, config });
      for (let index = 0; index < length; index += 1) await session.send('user', TEXT);
      const ops = options.quick ? 10 : SENT;
      return {
        name: `at ${length}`,
        ops,
        async run() {
          for (let index = 0; index < ops; index += 1) await session.send('user', TEXT);
        },
      };
    };
    const contenders = [await contender(short), await contender(long)];
    const sample = await interleave(contenders, options.quick ? 1 : ROUNDS, options);
    const what = `send with ${long.toLocaleString('en-US')} messages against ${short}`;
    return [compare(what, sample, `at ${long}`, `at ${short}`, 1.15)];
  },
};
