/** What runs in each tab of the takeover run: an engine that all share, and messages sent without pause. */
import { createSessionManager, isSessionError, type SessionEvent } from 'chartroom';
import { indexedDbStore } from 'chartroom/store/indexeddb';
import { type SharedSessions, shareSessions } from 'chartroom/tabs';

export interface Acknowledged {
  readonly session: string;
  readonly key: string;
  readonly id: string;
  readonly seq: number;
}

/** What the test has put into the page. */
interface TestSide {
  acknowledged(message: Acknowledged): Promise<void>;
  trouble(text: string): Promise<void>;
}

export interface Tab {
  readonly shared: SharedSessions;
  /** Of every event since the tab joined: what it is, as one line. */
  readonly trace: string[];
  /** Sends until it is told to stop; resolves when the last call has settled. */
  send(tab: string): Promise<void>;
  stop(): void;
  /** Says nothing to the others any more once its next write is on its way to the disk. */
  fallSilent(): void;
  /** Many calls at once, whose end nobody waits for. */
  burst(tab: string): void;
  /** All that is retained, and all that is said in each session. */
  everything(): Promise<{
    trace: string[];
    histories: Record<string, { id: string; seq: number; key: string }[]>;
  }>;
}

const SESSIONS = ['a', 'b', 'c'];
const GUST = 8;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const test = globalThis as unknown as TestSide;

const shared = shareSessions('takeovers', () =>
  createSessionManager({
    store: indexedDbStore('takeovers', { retainEvents: 1_000_000, fallback: 'none' }),
    sessionDefaults: { maxMessages: 1_000_000, maxTokens: 1_000_000_000 },
  }),
);
const trace: string[] = [];
shared.subscribeToAllSessions((event) => trace.push(lineOf(event)));

let stopped = false;
let sent = 0;

function lineOf(event: SessionEvent): string {
  const about = event.type === 'conversation_added' ? ` ${event.message.content}` : '';
  return `${event.seq} ${event.sessionId} ${event.type}${about}`;
}

/** Every other message carries a key; of the others that are lost nobody may know more than that. */
async function sendOne(tab: string, at: string): Promise<void> {
  const n = sent++;
  const session = SESSIONS[n % SESSIONS.length] ?? '';
  const key = `${tab}-${at}-${n}`;
  const keyed = n % 2 === 0;
  try {
    const { id, seq } = await shared.sendMessage(session, 'user', key, keyed ? { idempotencyKey: key } : {});
    await test.acknowledged({ session, key, id, seq });
  } catch (error) {
    const code = isSessionError(error) ? error.code : '';
    // A tab that leaves by itself gives up what it has in flight.
    const expected = shared.state.is === 'closed' ? 'MANAGER_CLOSED' : keyed ? undefined : 'CONNECTION_LOST';
    if (code !== expected) await test.trouble(`${key}: ${error}`);
  }
}

async function everything() {
  const past: string[] = [];
  const { seq } = await shared.session('a').snapshot({ messages: 0 });
  for await (const event of shared.events({ from: 0 })) {
    past.push(lineOf(event));
    if (event.seq >= seq) break;
  }
  const histories: Awaited<ReturnType<Tab['everything']>>['histories'] = {};
  for (const session of SESSIONS) {
    const messages = await shared.session(session).context.history();
    histories[session] = messages.map(({ id, seq, content }) => ({ id, seq, key: String(content) }));
  }
  return { trace: past, histories };
}

const tab: Tab = {
  shared,
  trace,
  async send(name) {
    for (const session of SESSIONS)
      for (;;) {
        try {
          await shared.getOrCreateSession(session);
          break;
        } catch (error) {
          if (!isSessionError(error) || error.code !== 'CONNECTION_LOST') throw error;
        }
      }
    const steady = async () => {
      while (!stopped) {
        await sendOne(name, 'one');
        await pause(2);
      }
    };
    // So that whenever the owner dies, much is in flight: asked, on its way to the disk, on its way back.
    const gusts = async () => {
      while (!stopped) {
        await Promise.all(Array.from({ length: GUST }, () => sendOne(name, 'gust')));
        await pause(15);
      }
    };
    await Promise.all([steady(), gusts()]);
  },
  stop() {
    stopped = true;
  },
  fallSilent() {
    const { commit } = IDBTransaction.prototype;
    IDBTransaction.prototype.commit = function () {
      commit.call(this);
      if (this.mode === 'readwrite') BroadcastChannel.prototype.postMessage = () => {};
    };
  },
  burst(name) {
    for (let n = 0; n < 40; n++) void sendOne(name, 'burst');
  },
  everything,
};
Object.assign(globalThis, { tab });
