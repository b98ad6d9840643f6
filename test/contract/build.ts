import { describe, expect, it } from 'vitest';
import type { ContextPart } from '../../src/data.ts';
import { codeOf } from '../support/errors.ts';
import { collect } from '../support/events.ts';
import { thawed } from '../support/frozen.ts';
import type { Subject } from './subject.ts';

export function buildContract({ open, settle }: Subject): void {
  const furnished = async () => {
    const client = await open({ countTokens: (text) => text.length });
    const session = await client.createSession();
    for (const text of ['1', '22', '333', '4444']) await session.send('user', text);
    for (const path of ['a.ts', 'b.ts', 'c.ts']) await session.context.addFile(path);
    await session.context.updateFileIndex('a.ts', { lines: 1 });
    await session.context.put('plan', ['x']);
    return { client, session };
  };

  describe('building a context', () => {
    it('gives all four parts, as the look-ups give them', async () => {
      const { session } = await furnished();
      const built = await session.context.build(['conversation', 'files', 'fileIndex', 'workingContext']);
      expect(built).toEqual({
        conversation: await session.context.history(),
        files: await session.context.activeFiles(),
        fileIndex: { 'a.ts': { lines: 1 } },
        workingContext: { plan: ['x'] },
        tokens: 10,
      });
    });

    it.each<ContextPart>(['conversation', 'files', 'fileIndex', 'workingContext'])(
      'asked for %s, gives that and no other part',
      async (part) => {
        const { session } = await furnished();
        const { tokens, ...parts } = await session.context.build([part]);
        expect(Object.keys(parts)).toEqual([part]);
        expect(tokens).toEqual(expect.any(Number));
      },
    );

    it('asked for nothing, gives no part', async () => {
      const { session } = await furnished();
      const { tokens: _tokens, ...parts } = await session.context.build([]);
      expect(parts).toEqual({});
    });

    it('with maxMessages gives the newest messages, oldest first', async () => {
      const { session } = await furnished();
      const built = await session.context.build(['conversation'], { maxMessages: 2 });
      expect(built.conversation?.map(({ content }) => content)).toEqual(['333', '4444']);
      expect(built.tokens).toBe(7);
    });

    it('with maxTokens gives the newest messages that fit, oldest first', async () => {
      const { session } = await furnished();
      const built = await session.context.build(['conversation'], { maxTokens: 8 });
      expect(built.conversation?.map(({ content }) => content)).toEqual(['333', '4444']);
      expect(built.tokens).toBe(7);
    });

    it('never exceeds maxTokens, whatever it is', async () => {
      const { session } = await furnished();
      for (let maxTokens = 1; maxTokens <= 12; maxTokens++) {
        const built = await session.context.build(['conversation'], { maxTokens });
        expect(built.tokens).toBeLessThanOrEqual(maxTokens);
        const kept = built.conversation?.map(({ content }) => content) ?? [];
        expect(['1', '22', '333', '4444'].slice(-kept.length || 4)).toEqual(kept);
      }
    });

    it('with maxFiles gives the newest files, oldest first', async () => {
      const { session } = await furnished();
      const built = await session.context.build(['files'], { maxFiles: 2 });
      expect(built.files?.map(({ path }) => path)).toEqual(['b.ts', 'c.ts']);
    });

    it('changes nothing: no event, the history stays whole', async () => {
      const { client, session } = await furnished();
      const seen = collect(client);
      await session.context.build(['conversation', 'files'], { maxMessages: 1, maxFiles: 1, maxTokens: 1 });
      await settle();
      expect(seen.events).toEqual([]);
      expect(await session.context.history()).toHaveLength(4);
      expect(await session.context.activeFiles()).toHaveLength(3);
    });

    it('is a deeply frozen copy', async () => {
      const { session } = await furnished();
      const built = await session.context.build(['conversation', 'files', 'fileIndex', 'workingContext']);
      await session.context.put('plan', 'changed');
      await session.send('user', 'later');
      expect(built.workingContext).toEqual({ plan: ['x'] });
      expect(built.conversation).toHaveLength(4);
      expect(thawed(built)).toBeUndefined();
    });

    it.each([
      ['an unknown part', ['weather']],
      ['a part that is no string', [1]],
      ['no array', 'conversation'],
      ['null', null],
    ])('refuses %s', async (_title, include) => {
      const { session } = await furnished();
      expect(await codeOf(session.context.build(include as never))).toBe('INVALID_ARGUMENT');
    });

    it.each([[{ maxMessages: 'x' }], [{ maxTokens: '1' }], [{ maxFiles: Number.NaN }], [null], [[]]])(
      'refuses the options %j',
      async (options) => {
        const { session } = await furnished();
        expect(await codeOf(session.context.build(['conversation'], options as never))).toBe(
          'INVALID_ARGUMENT',
        );
      },
    );
  });
}
