import type { AnyActorRef } from 'xstate';
import type { JsonObject } from '../data.ts';
import type { Engine } from '../engine.ts';
import { nextMacrotask } from '../macrotask.ts';
import type { SessionEntry } from '../session/entry.ts';
import type { Fact } from '../session/facts.ts';
import { activeTasks } from '../session/views.ts';
import type { TraceEntry } from '../testing/trace.ts';
import { nodesOf, timersOf, treeOf } from './actor-tree.ts';
import type { Charts } from './charts.ts';
import type { Definitions } from './definitions.ts';
import { factEntry } from './fact-entry.ts';
import type { Looked } from './looked.ts';
import { readPast } from './past.ts';
import type { CacheView, DeadlineView, Detail } from './protocol.ts';
import type { Redaction } from './redaction.ts';
import { Reel } from './reel.ts';

/** Facts that are made entries before the event loop has its turn. */
const FACTS_PER_TURN = 500;
/** Of a cache, shown. */
const CACHE_ENTRIES = 100;

export interface LookParts {
  readonly engine: Engine;
  readonly charts: Charts;
  readonly definitions: Definitions;
  readonly redaction: Redaction;
  /** Settles when the store is taken up, or is not. */
  readonly ready: Promise<unknown>;
}

/** One session that is looked at, asleep or awake, and those that are created under its id after it. */
export class SessionLook implements Looked {
  readonly reel = new Reel();
  readonly #id: string;
  readonly #parts: LookParts;
  /** What has happened since, until the past is there to stand in front of it. */
  #early: Array<() => void> | undefined = [];
  /** Of the creation of the session that is in the reel. */
  #seq = 0;
  /** Of its last fact there. */
  #sessionSeq = 0;
  #ended = false;

  constructor(id: string, parts: LookParts) {
    this.#id = id;
    this.#parts = parts;
  }

  /**
   * It is to be told of all that happens from the call on. Resolves with whether there is anything to look at; rejects
   * for what cannot be read. Wakes nobody.
   */
  async open(): Promise<boolean> {
    const { engine, charts, redaction, ready } = this.#parts;
    // Where the charts are now; where they go comes as it happens.
    const standing = [...this.#tree().keys()].flatMap((actor) => charts.standing(actor) ?? []);
    const past = await readPast(engine, this.#id, ready);
    if (!past) return false;
    this.#seq = past.seq;
    this.#sessionSeq = past.sessionSeq;
    if (past.base) this.reel.begin(this.#id, redaction.snapshot(past.base));
    for (const [n, fact] of past.facts.entries()) {
      this.#push(fact, Date.parse(fact.at));
      // A long past is not to hold up those who work; what comes meanwhile waits.
      if (n % FACTS_PER_TURN === FACTS_PER_TURN - 1)
        await new Promise<void>((resolve) => nextMacrotask(resolve));
    }
    for (const { entry, bytes } of standing) this.reel.push(entry, bytes);
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const add of early) add();
    return true;
  }

  fact(fact: Fact): void {
    const atMs = this.now();
    if (this.#early) this.#early.push(() => this.#add(fact, atMs));
    else this.#add(fact, atMs);
  }

  chart(entry: TraceEntry, bytes: number): void {
    if (this.#early) this.#early.push(() => this.reel.push(entry, bytes));
    else this.reel.push(entry, bytes);
  }

  definitions(): Readonly<Record<string, JsonObject>> {
    return this.#parts.definitions.all();
  }

  now(): number {
    return this.#parts.engine.time.now();
  }

  close(): void {
    this.#early = undefined;
  }

  detail(): Detail {
    const { engine, definitions } = this.#parts;
    const entry = engine.registry.get(this.#id);
    if (!entry) return { actors: [], deadlines: [], tasks: 0, asleep: !this.#ended };
    const tree = this.#tree();
    const cache = cacheOf(entry);
    return {
      actors: nodesOf(tree, definitions),
      deadlines: [...ownDeadline(entry), ...timersOf(tree)],
      ...(cache && { cache }),
      tasks: activeTasks(entry),
      asleep: false,
    };
  }

  #tree(): ReturnType<typeof treeOf> {
    const chart: AnyActorRef | undefined = this.#parts.engine.registry.get(this.#id)?.chart;
    return chart ? treeOf(chart, this.#id) : new Map();
  }

  /** What the past includes already is passed over. */
  #add(fact: Fact, atMs: number): void {
    if (fact.type === 'session_created' ? fact.seq <= this.#seq : this.#isPast(fact)) return;
    if (fact.type === 'session_created') this.#seq = fact.seq;
    this.#sessionSeq = fact.sessionSeq;
    this.#push(fact, atMs);
  }

  #isPast({ seq, sessionSeq }: Fact): boolean {
    return seq < this.#seq || this.#ended || sessionSeq <= this.#sessionSeq;
  }

  #push(fact: Fact, atMs: number): void {
    this.#ended = fact.type === 'session_terminated';
    const { entry, bytes } = factEntry(fact, atMs, this.#parts.redaction);
    this.reel.push(entry, bytes);
  }
}

function ownDeadline({ due, dueAt, slot }: SessionEntry): DeadlineView[] {
  if (due === undefined || slot < 0) return [];
  return [{ name: typeof due === 'string' ? due : 'retry', dueAt }];
}

function cacheOf({ cache }: SessionEntry): CacheView | undefined {
  return cache && { ...cache.stats(), entries: cache.newest(CACHE_ENTRIES) };
}
