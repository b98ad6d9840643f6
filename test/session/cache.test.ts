import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScope, refusal, START } from '../support/cache.ts';

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

  it('lists what was used last, the newest first, without a look-up', async () => {
    const { scope } = createScope();
    for (const path of ['a', 'b', 'c']) scope.cacheFile(path, path);
    scope.cacheAnalysis('a', 'lint', [1]);
    await scope.getFile('b');
    const before = scope.stats();
    expect(scope.newest(3)).toEqual([
      { path: 'b', bytes: 1 },
      { path: 'a', kind: 'lint', bytes: 3 },
      { path: 'c', bytes: 1 },
    ]);
    expect(scope.newest(9)).toHaveLength(4);
    expect(scope.stats()).toEqual(before);
    scope.clear();
    expect(scope.newest(3)).toEqual([]);
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
