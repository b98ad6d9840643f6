import { describe, expect, it } from 'vitest';
import { codeOf, failureOf } from '../support/errors.ts';
import { thawed } from '../support/frozen.ts';
import { turns } from '../support/turns.ts';
import { forever, stage } from './stage.ts';

async function opened(options: Parameters<typeof stage>[0] = {}) {
  const on = stage(options);
  const session = await on.manager.createSession({ id: 's' });
  on.news();
  return { on, session, context: session.context };
}

describe('a context', () => {
  it('writes and reads each of its parts', async () => {
    const { on, context } = await opened();
    const message = await context.addMessage('user', 'hello');
    await context.addFile('a.ts');
    await context.updateFileIndex('a.ts', { lines: 1 });
    await context.updateFileIndex('a.ts', { language: 'ts' });
    await context.put('plan', ['x']);
    expect(on.news()).toEqual([
      'conversation_added',
      'file_added',
      'context_updated',
      'context_updated',
      'working_context_updated',
    ]);
    expect(await context.history()).toEqual([message]);
    expect((await context.activeFiles()).map(({ path }) => path)).toEqual(['a.ts']);
    expect(await context.fileIndex()).toEqual({ 'a.ts': { lines: 1, language: 'ts' } });
    expect([await context.get('plan'), await context.keys()]).toEqual([['x'], ['plan']]);
    expect((await context.build(['workingContext'])).workingContext).toEqual({ plan: ['x'] });
    await context.clearConversation();
    await context.removeFile('a.ts');
    await context.delete('plan');
    expect([await context.history(), await context.activeFiles(), await context.fileIndex()]).toEqual([
      [],
      [],
      {},
    ]);
    expect([await context.get('plan'), await context.keys()]).toEqual([undefined, []]);
    expect(on.news()).toEqual(['conversation_cleared', 'file_removed', 'working_context_updated']);
  });

  it('gives frozen copies, and takes copies', async () => {
    const { context } = await opened();
    const value = { steps: ['a'] };
    const metadata = { tags: ['a'] };
    await context.put('plan', value);
    await context.updateFileIndex('a', metadata);
    value.steps.push('b');
    metadata.tags.push('b');
    expect([await context.get('plan'), await context.fileIndex()]).toEqual([
      { steps: ['a'] },
      { a: { tags: ['a'] } },
    ]);
    const seen = [await context.get('plan'), await context.keys(), await context.fileIndex()];
    for (const part of seen) expect(thawed(part)).toBeUndefined();
  });

  it.each<[string, string, (context: Awaited<ReturnType<typeof opened>>['context']) => Promise<unknown>]>([
    ['addFile', 'path', (context) => context.addFile('')],
    ['removeFile', 'path', (context) => context.removeFile('a\0')],
    ['updateFileIndex, the path', 'path', (context) => context.updateFileIndex('__proto__', {})],
    ['updateFileIndex', 'metadata', (context) => context.updateFileIndex('a', [] as never)],
    ['put, the key', 'key', (context) => context.put('', 1)],
    ['put', 'value.at', (context) => context.put('k', { at: new Date() } as never)],
    ['put, nothing', 'value', (context) => context.put('k', undefined as never)],
    ['get', 'key', (context) => context.get(7 as never)],
    ['delete', 'key', (context) => context.delete('__proto__')],
    ['history', 'options.limit', (context) => context.history({ limit: -1 })],
    ['build', 'include', (context) => context.build('files' as never)],
    ['addMessage', 'role', (context) => context.addMessage('robot' as never, 'x')],
  ])('refuses what is wrong before anything happens: %s', async (_call, path, call) => {
    const { on, context } = await opened();
    expect(await failureOf(call(context))).toMatchObject({ code: 'INVALID_ARGUMENT', details: { path } });
    expect(on.news()).toEqual([]);
  });

  it('refuses a value and metadata over maxMessageBytes, to the byte', async () => {
    const { on, context } = await opened({ limits: { maxMessageBytes: 10 } });
    await context.put('k', '12345678');
    await context.updateFileIndex('a', { a: 'bc' });
    on.news();
    for (const [path, call] of [
      ['value', context.put('k', '123456789')],
      ['metadata', context.updateFileIndex('a', { a: 'bcd' })],
    ] as const)
      expect(await failureOf(call)).toMatchObject({
        code: 'PAYLOAD_TOO_LARGE',
        details: { path, limit: 10 },
      });
    expect(on.news()).toEqual([]);
  });

  it('writes count against maxPending, reads do not', async () => {
    const { on, context } = await opened({
      limits: { maxPending: 1 },
      hooks: { initialize: ({ id }) => (id === 's' ? undefined : forever()) },
    });
    on.manager.createSession({ id: 'starting' }).catch(() => {});
    await turns();
    expect(await codeOf(context.put('k', 1))).toBe('OVERLOADED');
    expect(await codeOf(context.keys())).toBe('resolved instead');
  });

  it('of a closed manager rejects MANAGER_CLOSED, whatever the arguments', async () => {
    const { on, context } = await opened();
    await on.manager.close();
    const calls = [
      context.addFile(''),
      context.removeFile(''),
      context.updateFileIndex('', [] as never),
      context.put('', undefined as never),
      context.get(''),
      context.delete(''),
      context.keys(),
      context.history({ limit: -1 }),
      context.build('x' as never),
      context.clearConversation(),
      context.addMessage('robot' as never, 'x'),
    ];
    expect(await Promise.all(calls.map(codeOf))).toEqual(calls.map(() => 'MANAGER_CLOSED'));
  });
});
