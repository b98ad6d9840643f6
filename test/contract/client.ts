import { describe } from 'vitest';
import { agentContract } from './agents.ts';
import { argumentsContract } from './arguments.ts';
import { buildContract } from './build.ts';
import { cacheContract } from './cache.ts';
import { closeContract } from './close.ts';
import { conversationContract } from './conversation.ts';
import { creationContract } from './creation.ts';
import { cursorsContract } from './cursors.ts';
import { deliveryContract } from './delivery.ts';
import { errorsContract } from './errors.ts';
import { eventsContract } from './events.ts';
import { fileSourceContract } from './file-source.ts';
import { filesContract } from './files.ts';
import { idempotencyContract } from './idempotency.ts';
import { idlenessContract } from './idleness.ts';
import { jsonContract } from './json.ts';
import { limitsContract } from './limits.ts';
import { lookupContract } from './lookup.ts';
import { racesContract } from './races.ts';
import { savedSessionsContract } from './saved-sessions.ts';
import { streamsContract } from './streams.ts';
import { type CreateClient, type Subject, subject } from './subject.ts';
import { supervisionContract } from './supervision.ts';
import { terminationContract } from './termination.ts';
import { workingContextContract } from './working-context.ts';

export type Concept = keyof typeof contracts;

const contracts = {
  creation: creationContract,
  lookup: lookupContract,
  termination: terminationContract,
  idleness: idlenessContract,
  supervision: supervisionContract,
  agents: agentContract,
  conversation: conversationContract,
  idempotency: idempotencyContract,
  limits: limitsContract,
  files: filesContract,
  'working context': workingContextContract,
  build: buildContract,
  cache: cacheContract,
  'file source': fileSourceContract,
  events: eventsContract,
  delivery: deliveryContract,
  streams: streamsContract,
  cursors: cursorsContract,
  'saved sessions': savedSessionsContract,
  json: jsonContract,
  arguments: argumentsContract,
  errors: errorsContract,
  races: racesContract,
  close: closeContract,
} satisfies Record<string, (subject: Subject) => void>;

/**
 * What every `SessionClient` promises, whatever is behind it. `settle` resolves when everything published
 * so far has reached the listeners; where client and engine share a process, a few macrotasks are enough.
 */
export function clientContract(
  name: string,
  createClient: CreateClient,
  settle?: () => Promise<void>,
  concepts: readonly Concept[] = Object.keys(contracts) as Concept[],
): void {
  describe(name, () => {
    const tested = subject(createClient, settle);
    for (const concept of concepts) describe(concept, () => contracts[concept](tested));
  });
}
