import { type ReadonlySignal, signal } from '@preact/signals';
import { type InspectorMessage, PROTOCOL, type ViewerMessage } from 'chartroom/inspect';
import { readMessage } from './message.ts';

/** The connection to the inspector, as it is shown. Times are milliseconds since 1970 on this machine. */
export type ConnectionState =
  | { readonly is: 'connecting' }
  | { readonly is: 'live' }
  /** It was live, and what was seen last stays (`lost`), or it never was (`refused`). */
  | {
      readonly is: 'lost' | 'refused';
      readonly since: number;
      readonly nextTryAt: number;
      /** There is a program at that address, but it does not take this token: it has been started anew. */
      readonly otherToken: boolean;
    }
  /** The engine has closed, or another version speaks there. */
  | { readonly is: 'closed'; readonly message: string };

/** What is needed of a `WebSocket`. */
export type Socket = Pick<WebSocket, 'send' | 'close' | 'onopen' | 'onmessage' | 'onclose'>;

export interface ConnectionPorts {
  open(protocols: readonly string[]): Socket;
  now(): number;
  /** As `setTimeout`; the answer is for `cancel`. */
  after(ms: number, run: () => void): number;
  cancel(timer: number): void;
  /** 0 … 1. */
  random(): number;
  /** Whether the program still serves its page. A socket that is refused does not say why. */
  serves(): Promise<boolean>;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;
/** A socket that does not open by then is given up. */
const OPENING_MS = 8000;
/** The inspector says something each second; after this long without a word the line is dead. */
const SILENCE_MS = 15_000;

/** Milliseconds until try `n`, counted from 0: twice as long each time, spread out by up to a quarter. */
export function waitBefore(attempt: number, random: number): number {
  const wait = Math.min(FIRST_WAIT_MS * 2 ** Math.min(attempt, 20), LONGEST_WAIT_MS);
  return Math.round(wait * (0.75 + 0.25 * random));
}

/**
 * The line to the inspector. It is opened again whenever it breaks. What is sent while it is down is passed over:
 * whoever needs the other side to know something says it when `onOpen` is called.
 */
export class Connection {
  readonly #state = signal<ConnectionState>({ is: 'connecting' });
  readonly #token: string;
  readonly #ports: ConnectionPorts;
  readonly #onMessage: (message: InspectorMessage) => void;
  #socket: Socket | undefined;
  #timer: number | undefined;
  #watchdog: number | undefined;
  #heardAt = 0;
  #attempt = 0;
  #wasOpened = false;
  #since: number;
  #wasLive = false;
  #isOver = false;

  constructor(token: string, ports: ConnectionPorts, onMessage: (message: InspectorMessage) => void) {
    this.#token = token;
    this.#ports = ports;
    this.#onMessage = onMessage;
    this.#since = ports.now();
  }

  get state(): ReadonlySignal<ConnectionState> {
    return this.#state;
  }

  /** Opens the line, or tries at once when a try is due later. */
  open(): void {
    if (this.#socket || this.#isOver) return;
    this.#cancel();
    const socket = this.#ports.open([PROTOCOL, `token.${this.#token}`]);
    this.#socket = socket;
    this.#wasOpened = false;
    socket.onopen = () => {
      this.#wasOpened = true;
    };
    socket.onmessage = ({ data }) => this.#receive(socket, data);
    socket.onclose = ({ code, reason }) => this.#lose(socket, code, reason);
    this.#heardAt = this.#ports.now();
    this.#watch(socket, OPENING_MS);
  }

  /** False: the line is down, and nothing was sent. */
  send(message: ViewerMessage): boolean {
    if (!this.#socket || this.#state.peek().is !== 'live') return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** For good. */
  close(message: string): void {
    this.#isOver = true;
    this.#cancel();
    const socket = this.#socket;
    this.#socket = undefined;
    this.#state.value = { is: 'closed', message };
    socket?.close();
  }

  #receive(socket: Socket, data: unknown): void {
    if (socket !== this.#socket) return;
    const message = readMessage(data);
    // Whatever is no message of ours is passed over.
    if (!message) return;
    this.#heardAt = this.#ports.now();
    if (message.type === 'hello') {
      this.#attempt = 0;
      this.#wasLive = true;
      this.#state.value = { is: 'live' };
      this.#watch(socket, SILENCE_MS);
    }
    this.#onMessage(message);
    if (message.type !== 'closed') return;
    // The engine is gone. Its program may be started again at this address: it is looked for as after a loss.
    this.#state.value = { is: 'closed', message: message.message };
    this.#socket = undefined;
    this.#retry();
    socket.close();
  }

  #lose(socket: Socket, code: number, reason: string): void {
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    if (code === 1002) {
      this.close(`The inspector speaks another protocol than ${PROTOCOL}: reload this page. ${reason}`);
      return;
    }
    const { is } = this.#state.peek();
    if (is === 'live' || is === 'connecting' || is === 'closed') this.#since = this.#ports.now();
    const state = {
      is: this.#wasLive ? ('lost' as const) : ('refused' as const),
      since: this.#since,
      nextTryAt: this.#retry(),
    };
    // Known from the try before, until it is known anew: the words do not change to and fro.
    const last = this.#state.peek();
    this.#state.value = { ...state, otherToken: 'otherToken' in last && last.otherToken };
    if (!this.#wasOpened) void this.#askWhy(state);
  }

  /** When the next try is due. */
  #retry(): number {
    this.#cancel();
    const wait = waitBefore(this.#attempt, this.#ports.random());
    this.#attempt += 1;
    this.#timer = this.#ports.after(wait, () => this.open());
    return this.#ports.now() + wait;
  }

  async #askWhy(state: { readonly is: 'lost' | 'refused'; since: number; nextTryAt: number }): Promise<void> {
    const otherToken = await this.#ports.serves();
    const now = this.#state.peek();
    if ('nextTryAt' in now && now.nextTryAt === state.nextTryAt) this.#state.value = { ...state, otherToken };
  }

  /** Ends a line on which nothing has come for `silenceMs`: a peer that is gone does not always say so. */
  #watch(socket: Socket, silenceMs: number): void {
    if (this.#watchdog !== undefined) this.#ports.cancel(this.#watchdog);
    const left = this.#heardAt + silenceMs - this.#ports.now();
    this.#watchdog = this.#ports.after(Math.max(left, 1), () => {
      if (socket !== this.#socket) return;
      if (this.#ports.now() - this.#heardAt < silenceMs) {
        this.#watch(socket, silenceMs);
        return;
      }
      socket.close();
      this.#lose(socket, 1006, '');
    });
  }

  #cancel(): void {
    if (this.#timer !== undefined) this.#ports.cancel(this.#timer);
    if (this.#watchdog !== undefined) this.#ports.cancel(this.#watchdog);
    this.#timer = undefined;
    this.#watchdog = undefined;
  }
}
