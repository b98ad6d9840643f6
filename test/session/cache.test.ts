import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SessionError } from '../../src/errors.ts';
import type { FileSource } from '../../src/options.ts';
import { CacheScope } from '../../src/session/cache.ts';

const START = Date.UTC(2026, 0, 1);

function createScope({ maxBytes = 1000, files }: { maxBytes?: number; files?: FileSource } = {}) {
  let now = START;
  const scope = new CacheScope({
    maxBytes,
    files,
    now: () => now,
    isoNow: () => new Date(now).toISOString(),
  });
  const advance = (ms: number) => {
    now += ms;
  };
  return { scope, advance };
}

/** A disk whose every answer can be held back until it is let go. */
function createDisk() {
  const contents = new Map<string, { content: string; mtimeMs: number }>();
  const calls: string[] = [];
  const held: (() => void)[] = [];
  let holding = false;
  const turn = () => (holding ? new Promise<void>((resolve) => held.push(resolve)) : undefined);
  const disk = {
    calls,
    write: (path: string, content: string, mtimeMs = 1) => void contents.set(path, { content, mtimeMs }),
    remove: (path: string) => void contents.delete(path),
    hold() {
      holding = true;
    },
    /** Lets go of what waits now, and of whatever is asked for next because of it. */
    async release() {
      holding = false;
      for (const go of held.splice(0)) go();
      await turns();
    },
    async stat(path: string) {
      calls.push(`stat ${path}`);
      await turn();
      const file = contents.get(path);
      return file && { mtimeMs: file.mtimeMs, size: file.content.length };
    },
    async read(path: string) {
      calls.push(`read ${path}`);
      const content = contents.get(path)?.content;
      await turn();
      if (content === undefined) throw Object.assign(new Error('gone'), { code: 'ENOENT' });
      return content;
    },
  };
  return disk satisfies FileSource;
}

const turns = () => new Promise<void>((resolve) => setImmediate(resolve));

async function refusal(call: () => unknown): Promise<SessionError> {
  try {
    await call();
  } catch (error) {
    expect(error).toBeInstanceOf(SessionError);
    return error as SessionError;
  }
  throw new Error('It was accepted.');
}

describe('without a file source', () => {
  it('returns what was put in, with its size in UTF-8 and the time as modification time', async () => {
    const { scope } = createScope();
    scope.cacheFile('a.ts', 'héllo');
    expect(await scope.getFile('a.ts')).toStrictEqual({
      content: 'héllo',
      mtimeMs: START,
      size: 6,
      metadata: {},
    });
  });

  it('keeps the metadata and the modification time it was given', async () => {
    const { scope } = createScope();
    scope.cacheFile('a.ts', 'x', { metadata: { language: 'ts', lines: [1, 2] }, mtimeMs: 12.5 });
    expect(await scope.getFile('a.ts')).toMatchObject({
      mtimeMs: 12.5,
      metadata: { language: 'ts', lines: [1, 2] },
    });
  });

  it('takes a later content in place of an earlier one', async () => {
    const { scope } = createScope();
    scope.cacheFile('a', 'one');
    scope.cacheFile('a', 'three');
    expect(await scope.getFile('a')).toMatchObject({ content: 'three' });
    expect(scope.stats()).toMatchObject({ files: 1, bytes: 5 });
  });

  it('gives undefined for a file it does not have', async () => {
    const { scope } = createScope();
    expect(await scope.getFile('a')).toBeUndefined();
    expect(scope.getAnalysis('a', 'lint')).toBeUndefined();
  });

  it('keeps analyses by path and kind, with the time they were cached', () => {
    const { scope, advance } = createScope();
    scope.cacheAnalysis('a', 'lint', { issues: [1] });
    advance(1000);
    scope.cacheAnalysis('a', 'types', null);
    expect(scope.getAnalysis('a', 'lint')).toStrictEqual({
      result: { issues: [1] },
      cachedAt: '2026-01-01T00:00:00.000Z',
    });
    expect(scope.getAnalysis('a', 'types')).toStrictEqual({
      result: null,
      cachedAt: '2026-01-01T00:00:01.000Z',
    });
    expect(scope.getAnalysis('b', 'lint')).toBeUndefined();
  });

  it('keeps file and analysis of one name apart, whatever stands in the kind', async () => {
    const { scope } = createScope();
    scope.cacheFile('a', 'file');
    scope.cacheAnalysis('a', 'b', 'analysis');
    scope.cacheAnalysis('a', 'b\0c', 'other');
    expect(await scope.getFile('a')).toMatchObject({ content: 'file' });
    expect(scope.getAnalysis('a', 'b')).toMatchObject({ result: 'analysis' });
    expect(scope.getAnalysis('a', 'b\0c')).toMatchObject({ result: 'other' });
    expect(scope.stats()).toMatchObject({ files: 1, analyses: 2 });
  });

  it('takes a later analysis in place of an earlier one', () => {
    const { scope } = createScope();
    scope.cacheAnalysis('a', 'lint', 'long result');
    scope.cacheAnalysis('a', 'lint', 1);
    expect(scope.getAnalysis('a', 'lint')).toMatchObject({ result: 1 });
    expect(scope.stats()).toMatchObject({ analyses: 1, bytes: 1 });
  });

  it('drops the analyses of a path when its content changes, not when it stays', () => {
    const { scope } = createScope();
    scope.cacheAnalysis('a', 'early', 0);
    scope.cacheFile('a', 'one');
    scope.cacheAnalysis('a', 'lint', 1);
    scope.cacheFile('a', 'one', { metadata: { seen: true } });
    expect(scope.getAnalysis('a', 'lint')).toBeDefined();
    expect(scope.getAnalysis('a', 'early')).toBeDefined();
    scope.cacheAnalysis('b', 'lint', 1);
    scope.cacheFile('a', 'two');
    expect(scope.getAnalysis('a', 'lint')).toBeUndefined();
    expect(scope.getAnalysis('a', 'early')).toBeUndefined();
    expect(scope.getAnalysis('b', 'lint')).toBeDefined();
  });

  it('returns nothing that can be changed, and copies what it is given', async () => {
    const { scope } = createScope();
    const metadata = { tags: ['a'] };
    const result = { issues: ['x'] };
    scope.cacheFile('a', 'x', { metadata });
    scope.cacheAnalysis('a', 'lint', result);
    metadata.tags.push('b');
    result.issues.push('y');
    const file = await scope.getFile('a');
    const analysis = scope.getAnalysis('a', 'lint');
    expect(file?.metadata).toStrictEqual({ tags: ['a'] });
    expect(analysis?.result).toStrictEqual({ issues: ['x'] });
    scope.cacheFile('b', 'x');
    const bare = await scope.getFile('b');
    const frozen = [
      bare,
      bare?.metadata,
      file,
      file?.metadata,
      file?.metadata.tags,
      analysis,
      analysis?.result,
      scope.stats(),
    ];
    for (const value of frozen) expect(Object.isFrozen(value)).toBe(true);
  });

  it('invalidateFile forgets the file and its analyses, and those only', async () => {
    const { scope } = createScope();
    for (const path of ['a', 'b']) {
      scope.cacheFile(path, path);
      scope.cacheAnalysis(path, 'lint', 1);
      scope.cacheAnalysis(path, 'types', 1);
    }
    scope.invalidateFile('a');
    scope.invalidateFile('never there');
    expect(await scope.getFile('a')).toBeUndefined();
    expect(scope.getAnalysis('a', 'lint')).toBeUndefined();
    expect(scope.getAnalysis('a', 'types')).toBeUndefined();
    expect(await scope.getFile('b')).toBeDefined();
    expect(scope.stats()).toMatchObject({ files: 1, analyses: 2, bytes: 3 });
  });

  it('clear forgets everything and goes on counting', async () => {
    const { scope } = createScope();
    scope.cacheFile('a', 'x');
    scope.cacheAnalysis('a', 'lint', 1);
    await scope.getFile('a');
    scope.clear();
    expect(scope.stats()).toStrictEqual({ files: 0, analyses: 0, bytes: 0, hits: 1, misses: 0 });
    expect(await scope.getFile('a')).toBeUndefined();
    scope.cacheFile('a', 'y');
    expect(scope.stats()).toStrictEqual({ files: 1, analyses: 0, bytes: 1, hits: 1, misses: 1 });
  });

  it('counts hits and misses of files and analyses', async () => {
    const { scope } = createScope();
    expect(scope.stats()).toStrictEqual({ files: 0, analyses: 0, bytes: 0, hits: 0, misses: 0 });
    await scope.getFile('a');
    scope.getAnalysis('a', 'lint');
    scope.cacheFile('a', 'x');
    scope.cacheAnalysis('a', 'lint', 1);
    await scope.getFile('a');
    await scope.getFile('a');
    scope.getAnalysis('a', 'lint');
    scope.getAnalysis('a', 'types');
    expect(scope.stats()).toMatchObject({ hits: 3, misses: 3 });
  });
});

describe('the bound', () => {
  it('drops the least recently used first; a look-up is a use, of files and of analyses', async () => {
    const { scope } = createScope({ maxBytes: 40 });
    scope.cacheAnalysis('d', 'lint', 'x'.repeat(8));
    for (const path of ['a', 'b', 'c']) scope.cacheFile(path, 'x'.repeat(10));
    await scope.getFile('a');
    scope.getAnalysis('d', 'lint');
    scope.cacheFile('e', 'x'.repeat(20));
    expect(await scope.getFile('b')).toBeUndefined();
    expect(await scope.getFile('c')).toBeUndefined();
    expect(await scope.getFile('a')).toBeDefined();
    expect(scope.getAnalysis('d', 'lint')).toBeDefined();
    expect(scope.stats()).toMatchObject({ files: 2, analyses: 1, bytes: 40 });
  });

  it('takes a look-up that the file source confirmed for a use', async () => {
    const disk = createDisk();
    disk.write('a', 'x'.repeat(10));
    const { scope } = createScope({ maxBytes: 20, files: disk });
    await scope.getFile('a');
    scope.cacheFile('b', 'x'.repeat(10));
    await scope.getFile('a');
    scope.cacheFile('c', 'x'.repeat(10));
    await scope.getFile('a');
    expect(disk.calls.filter((call) => call === 'read a')).toHaveLength(1);
  });

  it('counts contents, metadata and results, in bytes and not in characters', () => {
    const { scope } = createScope();
    scope.cacheFile('a', '€'.repeat(10), { metadata: { k: 'é' } });
    scope.cacheAnalysis('a', 'lint', ['€']);
    expect(scope.stats()).toMatchObject({ bytes: 30 + '{"k":"é"}'.length + 1 + '["€"]'.length + 2 });
  });

  it('refuses what alone is over it, and has changed nothing then', async () => {
    const { scope } = createScope({ maxBytes: 10 });
    scope.cacheFile('a', 'old');
    scope.cacheAnalysis('a', 'lint', 'old');
    const before = scope.stats();
    const tooLarge = [
      () => scope.cacheFile('a', 'x'.repeat(11)),
      () => scope.cacheFile('a', '€'.repeat(4)),
      () => scope.cacheFile('a', 'x', { metadata: { note: 'too long' } }),
      () => scope.cacheAnalysis('a', 'lint', 'x'.repeat(9)),
    ];
    for (const call of tooLarge) {
      const error = await refusal(call);
      expect(error.code).toBe('PAYLOAD_TOO_LARGE');
      expect(error.details).toMatchObject({ path: 'a', limit: 10, actual: expect.any(Number) });
      expect(error.message).toContain('limits.cacheBytes');
    }
    expect(scope.stats()).toStrictEqual(before);
    expect(await scope.getFile('a')).toMatchObject({ content: 'old' });
    expect(scope.getAnalysis('a', 'lint')).toMatchObject({ result: 'old' });
    scope.cacheFile('a', 'x'.repeat(10));
    expect(scope.stats()).toMatchObject({ files: 1, analyses: 0, bytes: 10 });
  });

  it('bounds the number of entries too, since an empty file takes no bytes', async () => {
    const { scope } = createScope({ maxBytes: 10 });
    for (let n = 0; n < 1500; n++) scope.cacheFile(`f${n}`, '');
    expect(scope.stats()).toMatchObject({ files: 1000, bytes: 0 });
    expect(await scope.getFile('f499')).toBeUndefined();
    expect(await scope.getFile('f500')).toBeDefined();
    const { scope: larger } = createScope({ maxBytes: 1200 * 1024 });
    for (let n = 0; n < 1500; n++) larger.cacheAnalysis('a', `kind ${n}`, 1);
    expect(larger.stats()).toMatchObject({ analyses: 1200, bytes: 1200 });
  });

  it('behaves as an LRU list kept by hand, whatever is put in, read and forgotten', async () => {
    const path = fc.constantFrom('a', 'b', 'c');
    const step = fc.oneof(
      fc.record({ op: fc.constant('put' as const), path, size: fc.integer({ min: 0, max: 12 }) }),
      fc.record({ op: fc.constant('analyse' as const), path, size: fc.integer({ min: 2, max: 12 }) }),
      fc.record({ op: fc.constantFrom('file' as const, 'analysis' as const, 'forget' as const), path }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { scope } = createScope({ maxBytes: 20 });
        let list: { key: string; path: string; size: number }[] = [];
        const take = (key: string) => {
          const found = list.find((entry) => entry.key === key);
          list = list.filter((entry) => entry !== found);
          return found;
        };
        const put = (key: string, path: string, size: number) => {
          take(key);
          list.push({ key, path, size });
          while (list.reduce((sum, entry) => sum + entry.size, 0) > 20) list.shift();
        };
        for (const step of steps) {
          const key = `${step.op === 'put' || step.op === 'file' ? 'file' : 'analysis'} ${step.path}`;
          if (step.op === 'put') {
            const held = list.find((entry) => entry.key === key);
            if (held && held.size !== step.size) list = list.filter((entry) => entry.path !== step.path);
            put(key, step.path, step.size);
            scope.cacheFile(step.path, 'x'.repeat(step.size));
          } else if (step.op === 'analyse') {
            put(key, step.path, step.size);
            scope.cacheAnalysis(step.path, 'lint', 'x'.repeat(step.size - 2));
          } else if (step.op === 'forget') {
            list = list.filter((entry) => entry.path !== step.path);
            scope.invalidateFile(step.path);
          } else {
            const found = take(key);
            if (found) list.push(found);
            const got =
              step.op === 'file' ? await scope.getFile(step.path) : scope.getAnalysis(step.path, 'lint');
            expect(got !== undefined).toBe(found !== undefined);
          }
          const files = list.filter((entry) => entry.key.startsWith('file')).length;
          expect(scope.stats()).toMatchObject({
            files,
            analyses: list.length - files,
            bytes: list.reduce((sum, entry) => sum + entry.size, 0),
          });
        }
      }),
    );
  });
});

describe('arguments', () => {
  it('are refused before anything changes, each by its name', async () => {
    const { scope } = createScope();
    const cases: [() => unknown, path: string][] = [
      [() => scope.cacheFile('', 'x'), 'path'],
      [() => scope.cacheFile('a\0b', 'x'), 'path'],
      [() => scope.cacheFile('a', 7 as never), 'content'],
      [() => scope.cacheFile('a', 'x', null as never), 'options'],
      [() => scope.cacheFile('a', 'x', { metadata: [] as never }), 'options.metadata'],
      [() => scope.cacheFile('a', 'x', { metadata: null as never }), 'options.metadata'],
      [() => scope.cacheFile('a', 'x', { metadata: { at: new Date() as never } }), 'options.metadata.at'],
      [() => scope.cacheFile('a', 'x', { mtimeMs: Number.NaN }), 'options.mtimeMs'],
      [() => scope.cacheFile('a', 'x', { mtimeMs: '1' as never }), 'options.mtimeMs'],
      [() => scope.getFile('__proto__'), 'path'],
      [() => scope.cacheAnalysis(7 as never, 'lint', 1), 'path'],
      [() => scope.cacheAnalysis('a', '', 1), 'kind'],
      [() => scope.cacheAnalysis('a', 'lint', undefined as never), 'result'],
      [() => scope.cacheAnalysis('a', 'lint', { n: [1n] } as never), 'result.n[0]'],
      [() => scope.getAnalysis('', 'lint'), 'path'],
      [() => scope.getAnalysis('a', null as never), 'kind'],
      [() => scope.invalidateFile(undefined as never), 'path'],
    ];
    for (const [call, path] of cases) {
      const error = await refusal(call);
      expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', details: { path } });
    }
    expect(scope.stats()).toStrictEqual({ files: 0, analyses: 0, bytes: 0, hits: 0, misses: 0 });
  });
});

describe('with a file source', () => {
  it('reads a file once and gives it again while neither time nor size has changed', async () => {
    const disk = createDisk();
    disk.write('a', 'one', 5);
    const { scope } = createScope({ files: disk });
    const expected = { content: 'one', mtimeMs: 5, size: 3, metadata: {} };
    expect(await scope.getFile('a')).toStrictEqual(expected);
    expect(await scope.getFile('a')).toStrictEqual(expected);
    expect(disk.calls).toEqual(['stat a', 'read a', 'stat a']);
    expect(scope.stats()).toStrictEqual({ files: 1, analyses: 0, bytes: 3, hits: 1, misses: 1 });
    expect(Object.isFrozen(await scope.getFile('a'))).toBe(true);
  });

  it.each([
    ['time', 'ONE', 6],
    ['size', 'longer', 5],
  ])(
    'reads again when the %s has changed, and drops the analyses of the old content',
    async (_what, content, mtimeMs) => {
      const disk = createDisk();
      disk.write('a', 'one', 5);
      const { scope } = createScope({ files: disk });
      await scope.getFile('a');
      scope.cacheAnalysis('a', 'lint', 1);
      scope.cacheAnalysis('b', 'lint', 1);
      disk.write('a', content, mtimeMs);
      expect(await scope.getFile('a')).toMatchObject({ content, mtimeMs });
      expect(scope.getAnalysis('a', 'lint')).toBeUndefined();
      expect(scope.getAnalysis('b', 'lint')).toBeDefined();
      expect(scope.stats()).toMatchObject({ files: 1, bytes: content.length + 1 });
    },
  );

  it('keeps the analyses of a file that was only touched', async () => {
    const disk = createDisk();
    disk.write('a', 'one', 5);
    const { scope } = createScope({ files: disk });
    await scope.getFile('a');
    scope.cacheAnalysis('a', 'lint', 1);
    disk.write('a', 'one', 6);
    expect(await scope.getFile('a')).toMatchObject({ mtimeMs: 6 });
    expect(scope.getAnalysis('a', 'lint')).toBeDefined();
  });

  it('never asks about what a caller put in', async () => {
    const disk = createDisk();
    disk.write('a', 'disk');
    const { scope } = createScope({ files: disk });
    scope.cacheFile('a', 'mine');
    expect(await scope.getFile('a')).toMatchObject({ content: 'mine' });
    expect(disk.calls).toEqual([]);
  });

  it('never asks before somebody wants a file', () => {
    const disk = createDisk();
    const { scope } = createScope({ files: disk });
    scope.cacheFile('a', 'x');
    scope.cacheAnalysis('a', 'lint', 1);
    scope.getAnalysis('a', 'lint');
    scope.invalidateFile('a');
    scope.clear();
    scope.stats();
    expect(disk.calls).toEqual([]);
  });

  it('forgets a file that has vanished, and its analyses', async () => {
    const disk = createDisk();
    disk.write('a', 'one');
    const { scope } = createScope({ files: disk });
    await scope.getFile('a');
    scope.cacheAnalysis('a', 'lint', 1);
    disk.remove('a');
    expect(await scope.getFile('a')).toBeUndefined();
    expect(scope.stats()).toStrictEqual({ files: 0, analyses: 0, bytes: 0, hits: 0, misses: 2 });
  });

  it.each(['stat', 'read'] as const)('takes ENOENT from %s for a file that is not there', async (method) => {
    const missing = () => {
      throw Object.assign(new Error('gone'), { code: 'ENOENT' });
    };
    const files = { stat: () => ({ mtimeMs: 1, size: 1 }), read: () => 'x', [method]: missing };
    const { scope } = createScope({ files });
    expect(await scope.getFile('a')).toBeUndefined();
    expect(scope.stats()).toMatchObject({ files: 0, misses: 1 });
  });

  it('takes a source that answers at once', async () => {
    const { scope } = createScope({ files: { stat: () => ({ mtimeMs: 1, size: 9 }), read: () => 'x' } });
    expect(await scope.getFile('a')).toStrictEqual({ content: 'x', mtimeMs: 1, size: 9, metadata: {} });
    expect(await scope.getFile('a')).toMatchObject({ content: 'x' });
    expect(scope.stats()).toMatchObject({ bytes: 1, hits: 1, misses: 1 });
  });

  it('returns a file over the bound and does not keep it, nor what it had of it', async () => {
    const disk = createDisk();
    disk.write('a', 'small', 1);
    disk.write('b', 'other', 1);
    const { scope } = createScope({ maxBytes: 10, files: disk });
    await scope.getFile('a');
    await scope.getFile('b');
    disk.write('a', 'x'.repeat(11), 2);
    expect(await scope.getFile('a')).toMatchObject({ content: 'x'.repeat(11), size: 11 });
    expect(scope.stats()).toMatchObject({ files: 1, bytes: 5 });
    await scope.getFile('a');
    expect(disk.calls.filter((call) => call === 'read a')).toHaveLength(3);
    disk.write('a', 'x'.repeat(10), 3);
    await scope.getFile('a');
    expect(scope.stats()).toMatchObject({ files: 1, bytes: 10 });
  });

  it('shares one read among all who want the path at once', async () => {
    const disk = createDisk();
    disk.write('a', 'one');
    disk.write('b', 'two');
    const { scope } = createScope({ files: disk });
    const files = await Promise.all([scope.getFile('a'), scope.getFile('b'), scope.getFile('a')]);
    expect(files.map((file) => file?.content)).toEqual(['one', 'two', 'one']);
    expect(files[0]).toBe(files[2]);
    expect(disk.calls.filter((call) => call.startsWith('read'))).toEqual(['read a', 'read b']);
    expect(scope.stats()).toMatchObject({ files: 2, hits: 0, misses: 3 });
  });

  it('shares a failure too, and tries again afterwards', async () => {
    let failing = true;
    const disk = createDisk();
    disk.write('a', 'one');
    const files: FileSource = {
      stat: disk.stat,
      read: (path) => (failing ? Promise.reject(new Error('EIO')) : disk.read(path)),
    };
    const { scope } = createScope({ files });
    const outcomes = await Promise.allSettled([scope.getFile('a'), scope.getFile('a')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    failing = false;
    expect(await scope.getFile('a')).toMatchObject({ content: 'one' });
    expect(scope.stats()).toMatchObject({ hits: 0, misses: 1 });
  });
});

describe('a change during a read', () => {
  const changes: [string, (scope: CacheScope) => void][] = [
    ['invalidateFile', (scope) => scope.invalidateFile('a')],
    ['clear', (scope) => scope.clear()],
  ];

  it.each(changes)('%s: who asked before gets what was read, and it is not kept', async (_name, change) => {
    const disk = createDisk();
    disk.write('a', 'old', 1);
    const { scope } = createScope({ files: disk });
    disk.hold();
    const early = scope.getFile('a');
    await turns();
    change(scope);
    await disk.release();
    expect(await early).toMatchObject({ content: 'old' });
    expect(scope.stats()).toMatchObject({ files: 0, bytes: 0 });
  });

  it.each(changes)('%s: who asks afterwards gets a read of his own, which is kept', async (_name, change) => {
    const disk = createDisk();
    disk.write('a', 'old', 1);
    let reads = 0;
    let finishFirst = () => {};
    const files: FileSource = {
      stat: disk.stat,
      async read(path) {
        const content = await disk.read(path);
        if (++reads === 1) await new Promise<void>((resolve) => (finishFirst = resolve));
        return content;
      },
    };
    const { scope } = createScope({ files });
    const early = scope.getFile('a');
    await turns();
    change(scope);
    disk.write('a', 'new', 2);
    expect(await scope.getFile('a')).toMatchObject({ content: 'new' });
    finishFirst();
    expect(await early).toMatchObject({ content: 'old' });
    expect(await scope.getFile('a')).toMatchObject({ content: 'new', mtimeMs: 2 });
    expect(reads).toBe(2);
  });

  it('a read that is no longer wanted leaves alone the one that took its place', async () => {
    const gates: (() => void)[] = [];
    const contents = ['first', 'second'];
    const files: FileSource = {
      stat: () => ({ mtimeMs: 1, size: 1 }),
      read: async () => {
        const content = contents.shift() ?? 'third';
        await new Promise<void>((resolve) => gates.push(resolve));
        return content;
      },
    };
    const { scope } = createScope({ files });
    const first = scope.getFile('a');
    await turns();
    scope.invalidateFile('a');
    const second = scope.getFile('a');
    await turns();
    gates[0]?.();
    expect(await first).toMatchObject({ content: 'first' });
    const joined = scope.getFile('a');
    gates[1]?.();
    expect(await second).toMatchObject({ content: 'second' });
    expect(await joined).toBe(await second);
    expect(contents).toEqual([]);
  });

  it('cacheFile wins for everybody', async () => {
    const disk = createDisk();
    disk.write('a', 'disk');
    const { scope } = createScope({ files: disk });
    disk.hold();
    const early = scope.getFile('a');
    scope.cacheFile('a', 'mine');
    expect(await scope.getFile('a')).toMatchObject({ content: 'mine' });
    await disk.release();
    expect(await early).toMatchObject({ content: 'mine' });
    expect(await scope.getFile('a')).toMatchObject({ content: 'mine' });
    expect(scope.stats()).toMatchObject({ files: 1, hits: 3, misses: 0 });
  });

  it('cacheFile wins over a file found missing meanwhile', async () => {
    const disk = createDisk();
    const { scope } = createScope({ files: disk });
    disk.hold();
    const early = scope.getFile('a');
    scope.cacheFile('a', 'mine');
    await disk.release();
    expect(await early).toMatchObject({ content: 'mine' });
    expect(await scope.getFile('a')).toMatchObject({ content: 'mine' });
  });

  it('a refused cacheFile is none', async () => {
    const disk = createDisk();
    disk.write('a', 'disk');
    const { scope } = createScope({ maxBytes: 10, files: disk });
    disk.hold();
    const early = scope.getFile('a');
    await refusal(() => scope.cacheFile('a', 'x'.repeat(11)));
    await disk.release();
    expect(await early).toMatchObject({ content: 'disk' });
    expect(scope.stats()).toMatchObject({ files: 1 });
  });

  it('a write on disk between stat and read is found at the next look-up', async () => {
    const disk = createDisk();
    disk.write('a', 'old', 1);
    const files: FileSource = {
      async stat(path) {
        const stat = await disk.stat(path);
        if (disk.calls.length === 1) disk.write('a', 'new', 2);
        return stat;
      },
      read: disk.read,
    };
    const { scope } = createScope({ files });
    expect(await scope.getFile('a')).toMatchObject({ content: 'new', mtimeMs: 1 });
    disk.write('a', 'newer', 3);
    expect(await scope.getFile('a')).toMatchObject({ content: 'newer', mtimeMs: 3 });
  });

  it('an eviction while the file is looked at on disk costs nothing but its place', async () => {
    const disk = createDisk();
    disk.write('a', 'one');
    const { scope } = createScope({ maxBytes: 10, files: disk });
    await scope.getFile('a');
    disk.hold();
    const again = scope.getFile('a');
    scope.cacheFile('b', 'x'.repeat(10));
    await disk.release();
    expect(await again).toMatchObject({ content: 'one' });
    expect(scope.stats().bytes).toBeLessThanOrEqual(10);
  });
});

describe('a file source that fails', () => {
  const healthy: FileSource = { stat: () => ({ mtimeMs: 1, size: 1 }), read: () => 'x' };

  it('rejects the look-up and counts neither a hit nor a miss', async () => {
    const { scope } = createScope({ files: { ...healthy, read: () => Promise.reject(new Error('EIO')) } });
    expect(await refusal(() => scope.getFile('a'))).toMatchObject({ code: 'STORE_FAILED' });
    expect(scope.stats()).toStrictEqual({ files: 0, analyses: 0, bytes: 0, hits: 0, misses: 0 });
  });

  it('keeps what it had, and gives it as soon as the source answers again', async () => {
    let failing = false;
    const files: FileSource = {
      stat: () => (failing ? Promise.reject(new Error('EIO')) : { mtimeMs: 1, size: 1 }),
      read: () => 'x',
    };
    const { scope } = createScope({ files });
    await scope.getFile('a');
    scope.cacheAnalysis('a', 'lint', 1);
    failing = true;
    expect((await refusal(() => scope.getFile('a'))).code).toBe('STORE_FAILED');
    failing = false;
    expect(await scope.getFile('a')).toMatchObject({ content: 'x' });
    expect(scope.getAnalysis('a', 'lint')).toBeDefined();
  });
});
