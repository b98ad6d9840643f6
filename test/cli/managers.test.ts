import { afterAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../src/cli/arguments.ts';
import { loadManager } from '../../src/cli/managers.ts';
import { createSessionManager } from '../../src/index.ts';

const [one, other] = [createSessionManager(), createSessionManager()];
afterAll(() => Promise.all([one.close(), other.close()]));

async function loaded(exported: Record<string, unknown>, where = 'app.ts') {
  return loadManager({ importModule: async () => exported }, where);
}
const refusal = (exported: Record<string, unknown>, where?: string) =>
  loaded(exported, where).then(
    () => 'none',
    (error: Error) => (error instanceof UsageError ? error.message : `${error} instead`),
  );

describe('the manager of a module', () => {
  it('is the one that it exports, under whatever names', async () => {
    expect(await loaded({ VERSION: 1, manager: one, default: one, help() {} })).toBe(one);
  });

  it('is the one that is named', async () => {
    expect(await loaded({ one, other }, 'app.ts#other')).toBe(other);
    expect(await loaded({ make: async () => other, one }, 'app.ts#make')).toBe(other);
  });

  it('is what the default export makes, and no other function is called', async () => {
    const called: string[] = [];
    const exported = {
      start: () => called.push('start'),
      default() {
        called.push('default');
        return one;
      },
    };
    expect(await loaded(exported)).toBe(one);
    expect(called).toEqual(['default']);
    expect(await refusal({ start: exported.start })).toBe(
      'app.ts exports no manager, and no default function that makes one. It exports start.',
    );
    expect(called).toEqual(['default']);
  });

  it('has to be named when there are several', async () => {
    expect(await refusal({ one, other, VERSION: 1 })).toBe(
      'app.ts exports several managers; name one: app.ts#one, app.ts#other.',
    );
  });

  it.each([
    [{}, undefined, 'app.ts exports no manager, and no default function that makes one. It exports nothing.'],
    [{ one: 1 }, 'app.ts#two', 'app.ts exports no two; it exports one.'],
    [{ one: 1 }, 'app.ts#one', 'The export one of app.ts is no manager.'],
    [{ one: null }, 'app.ts#one', 'The export one of app.ts is no manager.'],
    [{ make: () => 1 }, 'app.ts#make', 'The export make of app.ts is no manager, and makes none.'],
    [
      { strange: { getOrCreateSession() {} } },
      'app.ts#strange',
      'The export strange of app.ts is a manager of another copy of chartroom; run the command of that copy.',
    ],
  ])('is missing from %j', async (exported, where, message) => {
    expect(await refusal(exported, where)).toBe(message);
  });

  it('that is closed is not shown as if it lived', async () => {
    const closed = createSessionManager();
    await closed.close();
    await expect(loaded({ closed })).rejects.toThrow('The manager of app.ts is closed');
    await expect(loaded({ default: () => closed })).rejects.toThrow('The default export of app.ts is closed');
  });

  it('that cannot be made says why', async () => {
    const exported = {
      default() {
        throw new Error('no database');
      },
    };
    await expect(loaded(exported)).rejects.toThrow('no database');
  });
});
