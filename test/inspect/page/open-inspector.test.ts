import { afterEach, expect, it, vi } from 'vitest';
import { createSessionManager } from '../../../src/index.ts';
import { openInspector } from '../../../src/inspect/page/open-inspector.ts';
import { codeOf, failureOf } from '../../support/errors.ts';

afterEach(() => vi.unstubAllGlobals());

it('what is wrong is refused before a window is opened', async () => {
  const open = vi.fn();
  vi.stubGlobal('window', { open });
  const manager = createSessionManager();
  expect(await codeOf(openInspector(manager, { allow: ['delete' as never] }))).toBe('INVALID_ARGUMENT');
  expect(await codeOf(openInspector({} as never))).toBe('INVALID_ARGUMENT');
  expect(open).not.toHaveBeenCalled();
  await manager.close();
});

it('the window is opened while the click is still being handled', async () => {
  const open = vi.fn(() => null);
  vi.stubGlobal('window', { open });
  const manager = createSessionManager();
  const opening = openInspector(manager);
  expect(open).toHaveBeenCalledOnce();
  expect((await failureOf(opening)).details).toEqual({ reason: 'popup-blocked' });
  await manager.close();
});

it('where there is no page it says so', async () => {
  const manager = createSessionManager();
  const { code, details } = await failureOf(openInspector(manager));
  expect({ code, details }).toEqual({ code: 'FORBIDDEN', details: { reason: 'no-page' } });
  await manager.close();
});
