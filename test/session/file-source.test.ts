import { describe, expect, it } from 'vitest';
import { SessionError } from '../../src/errors.ts';
import type { FileSource } from '../../src/options.ts';
import { contentOf, statOf } from '../../src/session/file-source.ts';

const healthy: FileSource = { stat: () => ({ mtimeMs: 1, size: 1 }), read: () => 'x' };
const failsAtOnce = (error: unknown) => () => {
  throw error;
};
const failsLater = (error: unknown) => () => Promise.reject(error);

describe.each([
  ['statOf', 'stat', statOf, { mtimeMs: 1, size: 1 }],
  ['contentOf', 'read', contentOf, 'x'],
] as const)('%s', (_name, method, ask, answer) => {
  const source = (replacement: unknown) => ({ ...healthy, [method]: replacement }) as FileSource;

  it('gives what the source answers, at once or later', async () => {
    expect(await ask(healthy, 'a')).toStrictEqual(answer);
    expect(
      await ask(
        source(() => Promise.resolve(answer)),
        'a',
      ),
    ).toStrictEqual(answer);
  });

  it('calls the method on its source, with the path', async () => {
    const calls: unknown[] = [];
    const files = source(function (this: unknown, ...args: unknown[]) {
      calls.push([this === files, ...args]);
      return answer;
    });
    await ask(files, 'src/a.ts');
    expect(calls).toEqual([[true, 'src/a.ts']]);
  });

  it('gives undefined for a file that is not there', async () => {
    const gone = Object.assign(new Error('gone'), { code: 'ENOENT' });
    for (const missing of [() => undefined, failsAtOnce(gone), failsLater(gone)]) {
      expect(await ask(source(missing), 'a')).toBeUndefined();
    }
  });

  it('lets a SessionError through as it is', async () => {
    const outside = new SessionError('INVALID_ARGUMENT', 'outside the root');
    await expect(ask(source(failsAtOnce(outside)), '../x')).rejects.toBe(outside);
  });

  it('wraps any other failure: STORE_FAILED, with the path and the cause', async () => {
    for (const thrown of [new Error('EIO'), 'EIO']) {
      for (const failing of [failsAtOnce(thrown), failsLater(thrown)]) {
        const outcome = ask(source(failing), 'src/a.ts');
        await expect(outcome).rejects.toMatchObject({
          name: 'SessionError',
          code: 'STORE_FAILED',
          cause: thrown,
        });
        await expect(outcome).rejects.toThrow('The file source failed on "src/a.ts": EIO');
      }
    }
    await expect(ask(source(failsAtOnce(undefined)), 'a')).rejects.toMatchObject({ code: 'STORE_FAILED' });
  });

  const answers: Record<string, unknown[]> = {
    stat: [null, new Date(0), 1, { mtimeMs: '1', size: 1 }, { mtimeMs: 1 }],
    read: [null, Buffer.from('x'), 1, ['x']],
  };
  it('refuses an answer of another kind: STORE_FAILED, and says what is expected', async () => {
    for (const bad of answers[method] ?? []) {
      const outcome = ask(
        source(() => bad),
        'a',
      );
      await expect(outcome).rejects.toMatchObject({ code: 'STORE_FAILED' });
      await expect(outcome).rejects.toThrow(`The file source's ${method}("a") must give`);
    }
  });
});

it('a stat is taken as the two numbers that it is, and nothing more', async () => {
  const stat = { mtimeMs: 1.5, size: 2, mode: 0o644, isFile: () => true };
  expect(await statOf({ ...healthy, stat: () => stat }, 'a')).toStrictEqual({ mtimeMs: 1.5, size: 2 });
});
