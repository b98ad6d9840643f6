/** The workspace as it is, in which somebody asks in all sessions at once, and again as soon as each has answered. */
import type { SessionInfo } from 'chartroom';
import { mount } from '../../../examples/workspace/react/mount.tsx';
import { turnOf } from '../../../examples/workspace/shared/ask.ts';
import { newSession } from '../../../examples/workspace/shared/names.ts';
import { samples } from '../../../examples/workspace/shared/samples.ts';
import { openWorkspace } from '../../../examples/workspace/shared/workspace.ts';

export interface WorkspaceLoad {
  /** Creates so many sessions, each with its files; gives their ids. */
  create(sessions: number): Promise<string[]>;
  /** Begins to ask in all of them. */
  start(): void;
  /** Pieces of answers so far. */
  pieces(): number;
  /** Asks no more; gives how many answers and pieces of answers there were, and what went wrong. */
  stop(): Promise<{ answers: number; pieces: number; failures: string[] }>;
}

declare global {
  var load: WorkspaceLoad;
}

const workspace = await openWorkspace();
const root = document.getElementById('app');
if (root) mount(workspace, root);

const QUESTIONS = [
  ['When did the clockwork stop?', '14 April. The clockwork stopped at 03:10'],
  ['What happens when a ship comes too close to the reef?', '2 April. A trawler came too close'],
] as const;

const { client, shelf } = workspace;
const ids: string[] = [];
const failures: string[] = [];
let [answers, pieces, asking] = [0, 0, false];
let all: Promise<unknown> = Promise.resolve();

client.subscribeToAllSessions(
  () => {
    pieces += 1;
  },
  { types: ['llm_stream_chunk'] },
);

/** Nobody asks 200 questions in one millisecond: they begin one after the other, and stay apart. */
const APART_MS = 10;

async function askOnAndOn(id: string, n: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, n * APART_MS));
  const session = client.session(id);
  while (asking) {
    const [question, line] = QUESTIONS[answers % QUESTIONS.length] ?? ['', ''];
    const told = session.events({ types: ['llm_response'] });
    const message = await session.send('user', question);
    await session.dispatch(turnOf(message));
    for await (const event of told) {
      // Somebody else may ask in this session, too.
      if (event.type !== 'llm_response' || event.turnId !== message.id) continue;
      if (!event.content.includes(line)) failures.push(`${question} was answered with ${event.content}`);
      break;
    }
    answers += 1;
  }
}

globalThis.load = {
  async create(sessions) {
    const named: SessionInfo[] = [];
    for (let n = 0; n < sessions; n += 1) {
      const session = await client.createSession(newSession(named));
      named.push(await session.info());
      for (const file of samples.files) await shelf.put(session, file);
      ids.push(session.id);
    }
    return ids;
  },
  start() {
    asking = true;
    all = Promise.all(ids.map((id, n) => askOnAndOn(id, n).catch((error) => failures.push(String(error)))));
  },
  pieces: () => pieces,
  async stop() {
    asking = false;
    await all;
    return { answers, pieces, failures };
  },
};
