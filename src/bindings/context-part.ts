import type { SessionClient } from '../client.ts';
import type { SessionError } from '../errors.ts';
import type { PublishedEvent, SessionEventType } from '../events/types.ts';
import { sameJson } from '../same-json.ts';
import { Cell } from './cell.ts';
import { Question } from './question.ts';
import { asSessionError, type ContextParts, PARTS_LOADING, type PartView, view } from './views.ts';

/** What changes a part, beside a session that comes or goes. */
const CHANGED_BY: Readonly<Record<keyof ContextParts, readonly SessionEventType[]>> = {
  files: ['file_added', 'file_removed'],
  fileIndex: ['context_updated', 'file_removed'],
  workingContext: ['working_context_updated'],
};

/** One part of a session's context: asked for when somebody looks, and when an event says that it has changed. */
export interface ContextPart<P extends keyof ContextParts> {
  readonly cell: Cell<PartView<ContextParts[P]>>;
  receive(event: PublishedEvent): void;
  resync(): void;
}

export function contextPart<P extends keyof ContextParts>(
  client: SessionClient,
  id: string,
  part: P,
  life: { start(): void; stop(): void },
): ContextPart<P> {
  type View = PartView<ContextParts[P]>;
  let value: ContextParts[P] | undefined;
  let error: SessionError | undefined;
  const question = new Question(
    async () => (await client.session(id).context.build([part]))[part] as ContextParts[P],
    (answer) => {
      error = undefined;
      if (!sameJson(value, answer)) value = answer;
      cell.touch();
    },
    (thrown) => {
      error = asSessionError(thrown, id);
      cell.touch();
    },
  );
  const cell = new Cell<View>(PARTS_LOADING[part], {
    compute: (previous) => {
      if (value === undefined && !error) return previous;
      const shown = value ?? previous.value;
      if (previous.status !== 'loading' && previous.value === shown && previous.error === error)
        return previous;
      return view({ status: error ? 'error' : 'ready', value: shown, error } as View);
    },
    start: () => {
      life.start();
      question.ask();
    },
    stop: () => {
      question.drop();
      value = undefined;
      error = undefined;
      life.stop();
    },
    retry: () => question.stale(),
  });
  return {
    cell,
    receive(event) {
      const isOtherSession = event.type === 'session_created' || event.type === 'session_terminated';
      const isWanting = error !== undefined && question.resting;
      if (cell.live && (isOtherSession || isWanting || CHANGED_BY[part].includes(event.type)))
        question.stale();
    },
    resync() {
      if (cell.live) question.stale();
    },
  };
}
