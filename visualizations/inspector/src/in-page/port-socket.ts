import type { LineSignal } from 'chartroom/inspect/page';
import type { Socket } from '../live/connection.ts';

const DONE = 1000;
const GONE = 1006;

/** A `MessagePort` that behaves as the socket of a connection. What it has given on, it says to the other side. */
export class PortSocket implements Socket {
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  readonly #port: MessagePort;
  readonly #layouts: PromiseWithResolvers<string>[] = [];
  #isOver = false;

  constructor(port: MessagePort) {
    this.#port = port;
    port.onmessage = ({ data }) => this.#receive(data);
    port.addEventListener('close', () => this.lose());
  }

  send(text: string): void {
    if (!this.#isOver) this.#port.postMessage(text);
  }

  close(): void {
    this.#signal({ line: 'end' });
    this.#end();
  }

  /** There is nobody at the other end. */
  lose(): void {
    this.#over(GONE, '');
  }

  tick(): void {
    this.#signal({ line: 'tick' });
  }

  /** The program of the layout engine. */
  layout(): Promise<string> {
    const asked = Promise.withResolvers<string>();
    if (this.#isOver) asked.reject(new Error('There is no connection to the page now.'));
    else this.#layouts.push(asked);
    this.#signal({ line: 'layout' });
    return asked.promise;
  }

  #receive(data: unknown): void {
    if (this.#isOver) return;
    if (typeof data === 'string') {
      this.onmessage?.call(this as unknown as WebSocket, { data } as MessageEvent);
      this.#signal({ line: 'read', characters: data.length });
      return;
    }
    const signal = data as LineSignal;
    if (signal.line === 'end') this.#over(DONE, signal.reason ?? '');
    if (signal.line !== 'layout') return;
    const asked = this.#layouts.shift();
    if (signal.program !== undefined) asked?.resolve(signal.program);
    else asked?.reject(new Error(signal.problem ?? 'The page has no layout engine.'));
  }

  #over(code: number, reason: string): void {
    if (this.#isOver) return;
    this.#end();
    this.onclose?.call(this as unknown as WebSocket, { code, reason } as CloseEvent);
  }

  #signal(signal: LineSignal): void {
    if (!this.#isOver) this.#port.postMessage(signal);
  }

  #end(): void {
    this.#isOver = true;
    this.#port.close();
    for (const asked of this.#layouts.splice(0)) asked.reject(new Error('The connection to the page broke.'));
  }
}
