import { toErrorInfo } from '../error-info.ts';
import type { Fact } from '../session/facts.ts';
import { type ChartListener, Charts } from './charts.ts';
import { EngineLook, type EngineLookParts } from './engine-look.ts';
import type { AppSource, Looked } from './looked.ts';
import type { AppRow, Detail, Subject } from './protocol.ts';
import { type LookParts, SessionLook } from './session-look.ts';
import type { Shown, Viewer } from './viewer.ts';

/** A subject that somebody looks at. */
class Subjected implements Shown {
  readonly subject: Subject;
  readonly looked: Looked;
  readonly viewers = new Set<Viewer>();
  /** Those who wait until it is known whether there is such a thing. */
  waiting: Map<Viewer, Told> | undefined;
  detail: Detail = { actors: [], deadlines: [], tasks: 0, asleep: false };
  version = 0;
  #text = '';

  constructor(subject: Subject, looked: Looked) {
    this.subject = subject;
    this.looked = looked;
  }

  describe(): void {
    const detail = this.looked.detail();
    const text = JSON.stringify(detail);
    if (text === this.#text) return;
    this.#text = text;
    this.detail = detail;
    this.version += 1;
  }
}

/** Gets why there is nothing to look at, or `undefined` once there is. */
export type Told = (missing: string | undefined) => void;

/** All that is looked at. Each subject once, however many look; while none does, nothing of it is followed. */
export class Looks {
  readonly #parts: LookParts & EngineLookParts;
  readonly #apps: AppSource | undefined;
  readonly #subjects = new Map<Subject, Subjected>();
  readonly #sessions = new Map<string, SessionLook>();
  #engineLook: EngineLook | undefined;
  #appRows: readonly AppRow[] | undefined;

  constructor(parts: Omit<LookParts & EngineLookParts, 'charts'>, apps: AppSource | undefined) {
    const listener: ChartListener = {
      wants: (session) =>
        session === undefined ? this.#engineLook !== undefined : this.#sessions.has(session),
      heard: (session, entry, bytes) => {
        const look = session === undefined ? this.#engineLook : this.#sessions.get(session);
        look?.chart(entry, bytes);
      },
    };
    this.#parts = { ...parts, charts: new Charts(parts, listener) };
    this.#apps = apps;
    this.#appRows = apps?.rows();
  }

  heard(fact: Fact): void {
    if (this.#sessions.size > 0) this.#sessions.get(fact.sessionId)?.fact(fact);
  }

  /** The rows of the apps, if they are others than at the last call. */
  changedApps(): readonly AppRow[] | undefined {
    const rows = this.#apps?.rows();
    if (rows === this.#appRows) return undefined;
    this.#appRows = rows;
    return rows;
  }

  describe(): void {
    for (const subjected of this.#subjects.values()) if (!subjected.waiting) subjected.describe();
  }

  /** How much it looks at, or is about to. */
  countOf(viewer: Viewer): number {
    let count = 0;
    for (const { viewers, waiting } of this.#subjects.values())
      if (viewers.has(viewer) || waiting?.has(viewer)) count += 1;
    return count;
  }

  /** `told` may be called at once. */
  look(viewer: Viewer, subject: Subject, told: Told): void {
    const known = this.#subjects.get(subject);
    if (known?.waiting) known.waiting.set(viewer, told);
    else if (known) this.#show(known, viewer, told);
    else this.#open(viewer, subject, told);
  }

  leave(viewer: Viewer, subject: Subject): void {
    const subjected = this.#subjects.get(subject);
    viewer.leave(subject);
    if (!subjected) return;
    subjected.viewers.delete(viewer);
    subjected.waiting?.delete(viewer);
    if (subjected.viewers.size + (subjected.waiting?.size ?? 0) === 0) this.#drop(subjected);
  }

  leaveAll(viewer: Viewer): void {
    for (const subject of [...this.#subjects.keys()]) this.leave(viewer, subject);
  }

  close(): void {
    for (const subjected of [...this.#subjects.values()]) this.#drop(subjected);
  }

  #open(viewer: Viewer, subject: Subject, told: Told): void {
    if (subject === 'engine') {
      this.#parts.charts.attach();
      this.#engineLook = new EngineLook(this.#parts);
      this.#show(this.#add(subject, this.#engineLook), viewer, told);
    } else if (subject.startsWith('session/')) this.#openSession(viewer, subject, told);
    else {
      const looked = this.#apps?.look(subject.slice('app/'.length));
      if (looked) this.#show(this.#add(subject, looked), viewer, told);
      else told('There is no such app; it has not been heard of, or was forgotten since.');
    }
  }

  #openSession(viewer: Viewer, subject: Subject, told: Told): void {
    const id = subject.slice('session/'.length);
    const look = new SessionLook(id, this.#parts);
    const subjected = this.#add(subject, look);
    subjected.waiting = new Map([[viewer, told]]);
    this.#sessions.set(id, look);
    this.#parts.charts.attach();
    look.open().then(
      (found) =>
        this.#opened(
          subjected,
          found ? undefined : `There is no session "${id}", and nothing is known of one.`,
        ),
      (error) => this.#opened(subjected, this.#parts.redaction.error(toErrorInfo(error)).message),
    );
  }

  #opened(subjected: Subjected, missing: string | undefined): void {
    const { waiting } = subjected;
    subjected.waiting = undefined;
    if (this.#subjects.get(subjected.subject) !== subjected || !waiting) return;
    if (missing !== undefined) this.#drop(subjected);
    for (const [viewer, told] of waiting)
      if (missing === undefined) this.#show(subjected, viewer, told);
      else told(missing);
  }

  #add(subject: Subject, looked: Looked): Subjected {
    const subjected = new Subjected(subject, looked);
    this.#subjects.set(subject, subjected);
    return subjected;
  }

  #show(subjected: Subjected, viewer: Viewer, told: Told): void {
    subjected.viewers.add(viewer);
    subjected.describe();
    viewer.look(subjected);
    told(undefined);
  }

  #drop(subjected: Subjected): void {
    const { subject, looked } = subjected;
    this.#subjects.delete(subject);
    if (looked === this.#engineLook) this.#engineLook = undefined;
    if (subject.startsWith('session/')) this.#sessions.delete(subject.slice('session/'.length));
    looked.close();
    if (!this.#engineLook && this.#sessions.size === 0) this.#parts.charts.detach();
  }
}
