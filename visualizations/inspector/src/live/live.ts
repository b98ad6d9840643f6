import { effect, signal } from '@preact/signals';
import type { ActionRequest, AppRow, InspectorMessage, Subject } from 'chartroom/inspect';
import { Fleet } from '../fleet/fleet.ts';
import type { Moment } from '../route.ts';
import { Connection, type ConnectionPorts } from './connection.ts';
import type { Frames } from './frames.ts';
import { Looking } from './looking.ts';
import { Pulses } from './pulse.ts';
import { Requests } from './requests.ts';

type Hello = Extract<InspectorMessage, { type: 'hello' }>;

/**
 * Everything that an inspector tells, for as long as the app is open. Messages change plain data as they come; what
 * has changed is published once a frame. `revision` goes up with the fleet and with the pulse.
 */
export class Live {
  readonly connection: Connection;
  readonly fleet = new Fleet();
  readonly pulses = new Pulses();
  readonly hello = signal<Hello | undefined>(undefined);
  readonly apps = signal<readonly AppRow[]>([]);
  readonly fleetRevision = signal(0);
  readonly pulseRevision = signal(0);
  readonly recording = signal(false);
  /** The engine's clock, as it was last told. */
  readonly now = signal(Date.now());
  readonly #frames: Frames;
  readonly #ports: ConnectionPorts;
  readonly #requests: Requests;
  readonly #lookings = new Map<Subject, { readonly looking: Looking; viewers: number }>();
  #apps: readonly AppRow[] = [];
  #now = 0;

  constructor(token: string, ports: ConnectionPorts, frames: Frames) {
    this.#frames = frames;
    this.#ports = ports;
    this.connection = new Connection(token, ports, (message) => this.#receive(message));
    this.#requests = new Requests((message) => this.connection.send(message));
    effect(() => {
      if (this.connection.state.value.is !== 'live') this.#requests.lose();
    });
  }

  /** One for all who look at the same subject; each leaves again. */
  look(subject: Subject, moment: Moment): Looking {
    const known = this.#lookings.get(subject);
    if (known) {
      known.viewers += 1;
      return known.looking;
    }
    const looking = new Looking(subject, moment);
    this.#lookings.set(subject, { looking, viewers: 1 });
    this.connection.send({ type: 'look', subject });
    return looking;
  }

  leave(subject: Subject): void {
    const known = this.#lookings.get(subject);
    if (!known) return;
    known.viewers -= 1;
    if (known.viewers > 0) return;
    this.#lookings.delete(subject);
    this.connection.send({ type: 'leave', subject });
  }

  /** Rejects with a `RequestError`. */
  act(action: ActionRequest) {
    return this.#requests.act(action);
  }

  /** Resolves with the trace when a recording is stopped. Rejects with a `RequestError`. */
  record(on: boolean) {
    return this.#requests.record(on);
  }

  #receive(message: InspectorMessage): void {
    if ('now' in message) this.#now = message.now;
    switch (message.type) {
      case 'hello':
        this.#greet(message);
        break;
      case 'fleet':
        this.fleet.apply(message, this.#ports.now());
        this.#frames.publish(this.#publishFleet);
        break;
      case 'apps':
        this.#apps = message.rows;
        this.#frames.publish(this.#publishApps);
        break;
      case 'pulse':
        this.pulses.push(message);
        this.#frames.publish(this.#publishPulse);
        break;
      case 'answer':
        this.#requests.receive(message);
        break;
      case 'refused':
        this.#refuse(message.message);
        break;
      case 'looking':
      case 'entries':
      case 'detail':
      case 'missing':
        this.#tell(message);
        break;
      // `closed` is the connection's; what is not known here came with a newer inspector.
    }
  }

  #greet(hello: Hello): void {
    this.hello.value = hello;
    this.recording.value = hello.recording;
    this.now.value = hello.now;
    for (const subject of this.#lookings.keys()) this.connection.send({ type: 'look', subject });
  }

  /** It does not say which message. A subject that is shown after all was not the one. */
  #refuse(reason: string): void {
    console.warn(`The inspector has refused a message: ${reason}`);
    for (const [subject, { looking }] of this.#lookings)
      if (looking.state.peek().is === 'waiting') {
        looking.lack({ type: 'missing', subject, message: reason });
        this.#frames.publish(this.#publisherOf(looking));
      }
  }

  #tell(message: Extract<InspectorMessage, { type: 'looking' | 'entries' | 'detail' | 'missing' }>): void {
    const looking = this.#lookings.get(message.subject)?.looking;
    if (!looking) return;
    if (message.type === 'looking') looking.begin(message);
    else if (message.type === 'entries') looking.append(message);
    else if (message.type === 'detail') looking.look(message);
    else looking.lack(message);
    this.#frames.publish(this.#publisherOf(looking));
  }

  /** The same function for the same looking, or a frame would publish it as often as something came. */
  readonly #publishers = new WeakMap<Looking, () => void>();
  #publisherOf(looking: Looking): () => void {
    const known = this.#publishers.get(looking) ?? (() => looking.publish());
    this.#publishers.set(looking, known);
    return known;
  }

  readonly #publishFleet = () => {
    this.fleetRevision.value += 1;
  };

  readonly #publishApps = () => {
    this.apps.value = this.#apps;
  };

  readonly #publishPulse = () => {
    this.now.value = this.#now;
    this.recording.value = this.pulses.last?.recording ?? false;
    this.pulseRevision.value += 1;
  };
}
