import type { InspectorMessage, ViewerChannel } from '../protocol.ts';
import type { LineSignal } from './wire.ts';

/** What a viewer may have yet to work off before it is taken for slow. */
const FULL_CHARACTERS = 1024 * 1024;

/** The part of an `Inspection` that a line needs. */
export interface Viewed {
  connect(channel: ViewerChannel): { receive(message: unknown): void; close(): void };
}

export interface PortServices {
  /** The program of the layout engine. */
  layout(): Promise<string>;
  /** The app says that time goes by. */
  tick(): void;
}

/** A viewer at the other end of a `MessagePort`. A port tells nobody how much lies in it: the viewer says what it has read. */
export class PortChannel implements ViewerChannel {
  readonly #port: MessagePort;
  readonly #services: PortServices;
  #connection: ReturnType<Viewed['connect']> | undefined;
  #unread = 0;
  #hasEnded = false;

  static attach(port: MessagePort, viewed: Viewed, services: PortServices): PortChannel {
    const channel = new PortChannel(port, services);
    port.onmessage = ({ data }) => channel.#receive(data);
    // Where browsers know it: the other side is gone without a word.
    port.addEventListener('close', () => channel.#end());
    channel.#connection = viewed.connect(channel);
    // What has ended already, has ended while it was being connected.
    if (channel.#hasEnded) channel.#connection.close();
    return channel;
  }

  private constructor(port: MessagePort, services: PortServices) {
    this.#port = port;
    this.#services = services;
  }

  send(message: InspectorMessage): boolean {
    if (this.#hasEnded || this.#unread > FULL_CHARACTERS) return false;
    const text = JSON.stringify(message);
    this.#unread += text.length;
    this.#port.postMessage(text);
    return true;
  }

  close(reason: string): void {
    if (this.#hasEnded) return;
    this.#signal({ line: 'end', reason });
    this.#end();
  }

  #receive(data: unknown): void {
    if (this.#hasEnded) return;
    if (typeof data === 'string') {
      this.#connection?.receive(data);
      return;
    }
    const { line, characters } = (data ?? {}) as { line?: unknown; characters?: unknown };
    if (line === 'read') this.#unread = Math.max(0, this.#unread - (Number(characters) || 0));
    else if (line === 'tick') this.#services.tick();
    else if (line === 'layout') void this.#giveLayout();
    else if (line === 'end') this.#end();
  }

  async #giveLayout(): Promise<void> {
    try {
      const program = await this.#services.layout();
      this.#signal({ line: 'layout', program });
    } catch (error) {
      this.#signal({ line: 'layout', problem: error instanceof Error ? error.message : String(error) });
    }
  }

  #signal(signal: LineSignal): void {
    if (!this.#hasEnded) this.#port.postMessage(signal);
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#port.close();
    this.#connection?.close();
  }
}
