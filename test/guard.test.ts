import { describe, expect, it } from 'vitest';
import { SessionError } from '../src/errors.ts';
import { Guard } from '../src/guard.ts';
import { strays } from './support/errors.ts';
import { loggedGuard } from './support/log.ts';
import { turns } from './support/turns.ts';

const failing = (error: unknown) => () => {
  throw error;
};
const REPORT = 'chartroom: a listener threw; nobody else is affected.';

describe('Guard.notify', () => {
  it('hands the argument to the observer', () => {
    const { guard, lines } = loggedGuard();
    const heard: unknown[] = [];
    guard.notify('a listener', (argument) => heard.push(argument), 'news');
    expect(heard).toEqual(['news']);
    expect(lines).toEqual([]);
  });

  it.each([new Error('broken'), 'a text', undefined, null])('logs what an observer throws: %s', (error) => {
    const { guard, lines } = loggedGuard();
    guard.notify('a listener', failing(error), 1);
    expect(lines).toEqual([['error', REPORT, error]]);
  });

  it('logs what an observer rejects with, and leaves no unhandled rejection', async () => {
    const { guard, lines } = loggedGuard();
    const error = new Error('later');
    expect(await strays(async () => guard.notify('a listener', () => Promise.reject(error), 1))).toEqual([]);
    expect(lines).toEqual([['error', REPORT, error]]);
  });

  it('takes no notice of what an observer returns otherwise', async () => {
    const { guard, lines } = loggedGuard();
    // biome-ignore lint/suspicious/noThenProperty: what looks like a promise and is none is the subject.
    for (const result of [undefined, null, 0, 'x', {}, { then: 'soon' }, Promise.resolve('x')])
      guard.notify('a listener', () => result, 1);
    await turns();
    expect(lines).toEqual([]);
  });

  it('survives a promise of a stranger that throws when it is asked', () => {
    const { guard, lines } = loggedGuard();
    const error = new Error('no then');
    // biome-ignore lint/suspicious/noThenProperty: a hostile thenable is the subject.
    guard.notify('a listener', () => ({ then: failing(error) }), 1);
    expect(lines).toEqual([['error', REPORT, error]]);
  });
});

describe('Guard.run', () => {
  it('resolves, with nothing, once the hook has settled', async () => {
    const { guard } = loggedGuard();
    const steps: string[] = [];
    const hook = async (name: string) => {
      await turns(1);
      steps.push(name);
      return 'unheard';
    };
    expect(await guard.run(hook, 'hook')).toBeUndefined();
    expect(steps).toEqual(['hook']);
  });

  it('rejects with just what the hook throws or rejects with', async () => {
    const { guard, lines } = loggedGuard();
    const error = { odd: true };
    await expect(guard.run(failing(error), 1)).rejects.toBe(error);
    await expect(guard.run(() => Promise.reject(error), 1)).rejects.toBe(error);
    expect(lines).toEqual([]);
  });
});

describe('Guard.ask', () => {
  it('gives what the function gives for these arguments', () => {
    const { guard } = loggedGuard();
    expect(guard.ask('countTokens', (a: string, b: number) => a.length + b, 'four', 3)).toBe(7);
  });

  it('makes what it throws an INVALID_ARGUMENT that names the option and keeps the cause', () => {
    const { guard } = loggedGuard();
    const cause = new Error('out of tokens');
    expect(() => guard.ask('countTokens', failing(cause))).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: 'options.countTokens threw: out of tokens',
        cause,
      }),
    );
  });

  it('gives a promise as it is, and leaves no unhandled rejection of it', async () => {
    const { guard } = loggedGuard();
    const stray = await strays(async () => {
      const answer = guard.ask('countTokens', () => Promise.reject(new Error('later')));
      expect(answer).toBeInstanceOf(Promise);
    });
    expect(stray).toEqual([]);
  });

  it('leaves an error of ours as it is', () => {
    const { guard } = loggedGuard();
    const error = new SessionError('FORBIDDEN', 'not here');
    expect(() => guard.ask('generateId', failing(error))).toThrow(error);
  });
});

describe('Guard.log', () => {
  it('calls a function with the message and the details, whatever the level', () => {
    const lines: unknown[] = [];
    new Guard((...line) => lines.push(line)).log('debug', 'hello', 1, { b: 2 });
    expect(lines).toEqual([['hello', 1, { b: 2 }]]);
  });

  it("calls the level's method on its object, and needs none", () => {
    const logger = {
      lines: [] as string[],
      warn(message: string) {
        this.lines.push(message);
      },
    };
    const guard = new Guard(logger);
    guard.log('warn', 'careful');
    guard.log('info', 'unheard');
    new Guard(undefined).log('error', 'unheard');
    expect(logger.lines).toEqual(['careful']);
  });

  it('has nobody to tell of a logger that throws or rejects', async () => {
    const error = new Error('full disk');
    const late = (() => Promise.reject(error)) as () => void;
    expect(
      await strays(async () => {
        new Guard(failing(error)).log('error', 'x');
        new Guard(late).log('error', 'x');
        new Guard({ error: late }).log('error', 'x');
      }),
    ).toEqual([]);
  });
});
