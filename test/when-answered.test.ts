import { describe, expect, it } from 'vitest';
import { whenAnswered } from '../src/when-answered.ts';
import { turns } from './support/turns.ts';

const boom = new Error('boom');

/** What has come of it at once, and in the end. */
async function outcome(ask: () => unknown, done = (_answer: unknown) => {}) {
  const heard: unknown[] = [];
  whenAnswered(
    ask,
    (answer) => {
      heard.push(['done', answer]);
      done(answer);
    },
    (error) => heard.push(['failed', error]),
  );
  const atOnce = [...heard];
  await turns(1);
  return { atOnce, inTheEnd: heard };
}

describe('an answer', () => {
  it('that is there is gone on with at once', async () => {
    const heard = [['done', 1]];
    expect(await outcome(() => 1)).toEqual({ atOnce: heard, inTheEnd: heard });
  });

  it('that is promised is gone on with when it comes', async () => {
    expect(await outcome(async () => 1)).toEqual({ atOnce: [], inTheEnd: [['done', 1]] });
  });

  it('that never comes has failed, at once or later', async () => {
    const failing = () => {
      throw boom;
    };
    const heard = [['failed', boom]];
    expect(await outcome(failing)).toEqual({ atOnce: heard, inTheEnd: heard });
    expect(await outcome(async () => failing())).toEqual({ atOnce: [], inTheEnd: heard });
  });

  it('that cannot be gone on with has failed too', async () => {
    const done = () => {
      throw boom;
    };
    const heard = [
      ['done', 1],
      ['failed', boom],
    ];
    expect((await outcome(() => 1, done)).atOnce).toEqual(heard);
    expect((await outcome(async () => 1, done)).inTheEnd).toEqual(heard);
  });
});
