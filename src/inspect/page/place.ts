import { SessionError } from '../../errors.ts';

/** Where the app is shown. */
export interface Place {
  /** The window that the app greets. */
  readonly host: Window;
  /** That of the app; null when there is none any more. */
  viewer(): Window | null;
  readonly frame: HTMLIFrameElement | undefined;
  load(address: string): void;
  /** Whether a document has been loaded: the app would have said something by then. */
  isLoaded(): boolean;
  isThere(): boolean;
  remove(): void;
}

const FEATURES = 'popup,width=1280,height=800';

/** Opens a window, which browsers let happen while they handle a click or a key. Throws `FORBIDDEN`. */
export function openWindow(host: Window): Place {
  const opened = host.open('', '', FEATURES);
  if (!opened)
    throw new SessionError(
      'FORBIDDEN',
      'The browser has blocked the window of the inspector. Call openInspector in the handler of a click or a key, ' +
        'before anything is awaited there; or give it an element, `into`, to be shown in.',
      { details: { reason: 'popup-blocked' } },
    );
  return {
    host,
    frame: undefined,
    viewer: () => opened,
    load: (address) => opened.location.replace(address),
    isLoaded: () => isBlobLoaded(opened),
    isThere: () => !opened.closed,
    remove: () => opened.close(),
  };
}

function isBlobLoaded(opened: Window): boolean {
  try {
    return opened.location.protocol === 'blob:' && opened.document.readyState === 'complete';
  } catch {
    // Somebody has gone to another site in it.
    return true;
  }
}

/**
 * A frame that fills an element. It has no origin: what runs in it, whatever that may be, can touch neither the page nor
 * what the page keeps.
 */
export function openFrame(into: HTMLElement): Place {
  const { ownerDocument } = into;
  const frame = ownerDocument.createElement('iframe');
  let isLoaded = false;
  frame.title = 'chartroom inspector';
  frame.setAttribute('sandbox', 'allow-scripts allow-downloads');
  frame.allow = 'clipboard-write';
  // By the object model, which no policy for styles forbids.
  Object.assign(frame.style, { display: 'block', width: '100%', height: '100%', border: '0' });
  return {
    host: ownerDocument.defaultView as Window,
    frame,
    viewer: () => frame.contentWindow,
    load(address) {
      frame.addEventListener('load', () => {
        isLoaded = true;
      });
      frame.src = address;
      into.append(frame);
    },
    isLoaded: () => isLoaded,
    isThere: () => frame.isConnected,
    remove: () => frame.remove(),
  };
}
