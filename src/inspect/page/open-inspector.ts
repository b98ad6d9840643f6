import { engineOf } from '../../engine-of.ts';
import { SessionError } from '../../errors.ts';
import type { SessionManager } from '../../manager.ts';
import { type OpenInspectorOptions, resolvePageOptions } from './page-options.ts';
import { openFrame, openWindow } from './place.ts';

/** An inspector that is open in a window or a frame of this page. */
export interface PageInspector extends AsyncDisposable {
  /** That of the inspector. */
  readonly window: Window;
  /** The frame that it is in, when it is in one. */
  readonly frame: HTMLIFrameElement | undefined;
  /** Resolves when it is over, whoever has ended it: `close`, or a person who has closed the window. */
  readonly closed: Promise<void>;
  /** Takes it away. The manager goes on. */
  close(): Promise<void>;
}

/**
 * Opens the inspector for the sessions of this very page, in a window of its own or in an element of the page. It needs
 * no server and no network. To be called while a click or a key is handled, or with `into`. The manager pays for it only
 * while the inspector is open; it may be called several times, for several viewers. The app is loaded with the first.
 *
 * Rejects `INVALID_ARGUMENT` with the option that is wrong; `FORBIDDEN` when the browser blocks the window, or the
 * page's content security policy the app, with what is to be done about it; `ABORTED` when the window is closed before
 * the app is there.
 */
export async function openInspector(
  manager: SessionManager,
  options?: OpenInspectorOptions,
): Promise<PageInspector> {
  // Until the window is open nothing may be awaited: browsers take it for the answer to a click as long as that runs.
  const resolved = resolvePageOptions(options);
  engineOf(manager);
  if (typeof window === 'undefined')
    throw new SessionError(
      'FORBIDDEN',
      'openInspector opens a window of a page, and there is no page here.',
      {
        details: { reason: 'no-page' },
      },
    );
  const place = resolved.into ? openFrame(resolved.into) : openWindow(window);
  try {
    const { showInspector } = await import('./show-inspector.ts');
    return await showInspector(place, manager, resolved);
  } catch (error) {
    place.remove();
    throw error;
  }
}
