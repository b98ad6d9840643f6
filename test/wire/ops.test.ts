import { createSessionManager } from 'chartroom';
import { describe, expect, it } from 'vitest';
import { opOf, ops } from '../../src/wire/ops.ts';

describe('the calls of a wire', () => {
  it.each(['toString', '__proto__', 'constructor', '', 'session', undefined, 42])(
    'have none of the name %s',
    (name) => {
      expect(opOf(name)).toBeUndefined();
    },
  );

  it('are methods of what they are said to be of', async () => {
    await using rooms = createSessionManager();
    const session = rooms.session('a');
    const owners = { client: rooms, session, context: session.context, cache: session.cache };
    for (const [name, { of }] of Object.entries(ops))
      if (of !== 'server') expect([name, typeof (owners[of] as never)[name]]).toEqual([name, 'function']);
  });

  it('are asked again when they only read, or carry a key', () => {
    const again = (kind: string) => Object.entries(ops).filter(([, op]) => op.again === kind);
    expect(again('keyed').map(([name]) => name)).toEqual(['sendMessage']);
    expect(again('no').map(([name]) => name)).toContain('createSession');
    expect(again('yes').map(([name]) => name)).toEqual(
      expect.arrayContaining(['listSessions', 'history', 'getFile']),
    );
  });
});
