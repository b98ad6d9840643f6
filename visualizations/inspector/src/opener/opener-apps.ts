import { signal } from '@preact/signals';
import { type AppRow, StatelyApps, type StatelyFeed } from 'chartroom/inspect';
import { Looking } from '../live/looking.ts';
import type { Moment } from '../route.ts';

/** What is needed of a `MessageEvent`. */
export interface Told {
  readonly source: unknown;
  readonly origin: string;
  readonly data: unknown;
}

export interface OpenerPorts {
  /** As `setTimeout`. */
  after(ms: number, run: () => void): unknown;
}

const EACH_MS = 100;
const PART_BYTES = 4_000_000;

/**
 * The XState apps of the page that has opened this one, as `createBrowserInspector` of `@statelyai/inspect` tells of
 * them. Nobody else is listened to: neither another window, nor the opener after it has gone to another site.
 */
export class OpenerApps {
  readonly rows = signal<readonly AppRow[]>([]);
  /** Whose word this is; undefined until something came. */
  readonly origin = signal<string | undefined>(undefined);
  readonly #apps = new StatelyApps();
  readonly #source: Pick<Window, 'postMessage'>;
  readonly #ports: OpenerPorts;
  readonly #lookings = new Map<string, { readonly looking: Looking; next: number }>();
  #feed: StatelyFeed;
  #isDue = false;

  constructor(source: Pick<Window, 'postMessage'>, ports: OpenerPorts) {
    this.#source = source;
    this.#ports = ports;
    this.#feed = this.#apps.connect();
  }

  /** To be called when `receive` listens: the other side then tells what it has kept, and goes on. */
  greet(): void {
    // To any origin, as it says nothing, and who has opened this page is known by its window only.
    this.#source.postMessage({ type: '@statelyai.connected' }, '*');
  }

  receive({ source, origin, data }: Told): void {
    if (source !== this.#source || !isMessage(data)) return;
    if (this.origin.peek() !== undefined && this.origin.peek() !== origin) return;
    if (data.type === '@statelyai.disconnected') {
      this.#feed.close();
      this.#feed = this.#apps.connect();
    } else {
      const wrong = this.#feed.receive(data);
      if (wrong !== undefined) {
        console.warn(`A message of the app was passed over: ${wrong}`);
        return;
      }
    }
    this.origin.value = origin;
    this.#soon();
  }

  look(id: string, moment: Moment): Looking {
    const looking = new Looking(`app/${id}`, moment);
    this.#lookings.set(id, { looking, next: -1 });
    this.#tell(id);
    return looking;
  }

  leave(id: string): void {
    this.#lookings.delete(id);
  }

  #soon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#ports.after(EACH_MS, () => {
      this.#isDue = false;
      this.rows.value = this.#apps.rows();
      for (const id of this.#lookings.keys()) this.#tell(id);
    });
  }

  #tell(id: string): void {
    const held = this.#lookings.get(id);
    if (!held) return;
    const subject = `app/${id}` as const;
    const app = this.#apps.look(id);
    if (!app) {
      held.looking.lack({ type: 'missing', subject, message: `There is no app ${id} here.` });
      held.looking.publish();
      return;
    }
    const { reel } = app;
    const definitions = app.definitions();
    const now = app.now();
    if (held.next < reel.start) {
      const recording = reel.recording(definitions);
      const from = reel.end - recording.entries.length;
      held.looking.begin({
        type: 'looking',
        subject,
        recording,
        detail: app.detail(),
        now,
        cut: reel.cut,
        from,
      });
      held.next = reel.end;
    } else {
      const { entries, next } = reel.part(held.next, Number.POSITIVE_INFINITY, PART_BYTES);
      held.looking.append({ type: 'entries', subject, entries, definitions });
      held.looking.look({ type: 'detail', subject, detail: app.detail(), now });
      held.next = next;
    }
    held.looking.publish();
    if (held.next < reel.end) this.#soon();
  }
}

/** Pages send each other much else, such as the tools of whoever develops them. */
function isMessage(data: unknown): data is { readonly type: string } {
  if (typeof data !== 'object' || data === null || !('type' in data)) return false;
  return typeof data.type === 'string' && /^@(xstate|statelyai)\./.test(data.type);
}
