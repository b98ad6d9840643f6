import type { SessionStatus } from 'chartroom';
import type { ActionName } from 'chartroom/inspect';
import type { Live } from '../live/live.ts';
import { ask, type Question } from '../parts/dialog.tsx';
import { toast } from '../parts/toasts.tsx';
import { contentOf, eventOf, wrongWith } from './json-field.ts';

/** What can be done to a session from here, as far as the inspector lets viewers do it. */
export function SessionActions({ live, id }: { live: Live; id: string }) {
  const allow = live.hello.value?.allow ?? [];
  void live.fleetRevision.value;
  const status = live.fleet.get(id)?.status;
  const isUp = live.connection.state.value.is === 'live';
  const offered = ORDER.filter((action) => allow.includes(action));
  if (offered.length === 0) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    <div class="act" role="group" aria-label={`Act on ${id}`}>
      {offered.map((action) => {
        const reason = isUp ? whyNot(action, status) : 'There is no connection to the engine now.';
        const run = () => {
          if (reason === undefined) void WAYS[action].start(live, id);
          else toast(reason);
        };
        return (
          <button
            type="button"
            key={action}
            class={`button small ${WAYS[action].danger ? 'danger' : ''}`}
            aria-disabled={reason !== undefined}
            title={reason}
            onClick={run}
          >
            {WAYS[action].name}
          </button>
        );
      })}
    </div>
  );
}

type SessionAction = Exclude<ActionName, 'create'>;

const ORDER: readonly SessionAction[] = ['send', 'dispatch', 'save', 'terminate', 'kill'];

interface Way {
  readonly name: string;
  readonly danger?: boolean;
  start(live: Live, id: string): Promise<unknown>;
}

const named = (id: string) => (
  <p>
    Session <code>{id}</code>
  </p>
);

/** Asks, does it with the dialog open, and says that it is done. */
async function askAndDo(question: Question, done: string): Promise<void> {
  if (await ask(question)) toast(done);
}

const REASON = { name: 'reason', label: 'Reason', hint: 'Optional: it is kept with the session.' };

const WAYS: Readonly<Record<SessionAction, Way>> = {
  send: {
    name: 'Send…',
    start: (live, id) =>
      askAndDo(
        {
          title: 'Send a message',
          body: named(id),
          confirm: 'Send',
          fields: [
            {
              name: 'content',
              label: 'Message',
              kind: 'area',
              hint: 'Text, or JSON content parts.',
              wrong: (text) => (text.trim() === '' ? 'A message has some content.' : undefined),
            },
            { name: 'role', label: 'Role', value: 'user', hint: 'user, assistant, system or tool' },
          ],
          run: ({ content = '', role = '' }) =>
            live.act({ do: 'send', sessionId: id, role, content: contentOf(content) }),
        },
        `Sent to ${id}`,
      ),
  },
  dispatch: {
    name: 'Dispatch…',
    start: (live, id) =>
      askAndDo(
        {
          title: 'Dispatch an event to the agent',
          body: named(id),
          confirm: 'Dispatch',
          fields: [
            {
              name: 'event',
              label: 'Event',
              kind: 'area',
              hint: 'Its type, or JSON with a type.',
              wrong: wrongWith(eventOf),
            },
          ],
          run: ({ event = '' }) => live.act({ do: 'dispatch', sessionId: id, event: eventOf(event) }),
        },
        `Dispatched to ${id}`,
      ),
  },
  save: {
    name: 'Save session',
    start: async (live, id) => {
      try {
        await live.act({ do: 'save', sessionId: id });
        toast(`Saved ${id}: it can be restored from the store`);
      } catch (error) {
        toast(`${id} was not saved. ${error instanceof Error ? error.message : String(error)}`, 'bad');
      }
    },
  },
  terminate: {
    name: 'Terminate…',
    danger: true,
    start: (live, id) =>
      askAndDo(
        {
          title: `Terminate ${id}?`,
          body: 'It runs its cleanup and ends. It does not come back.',
          confirm: 'Terminate',
          danger: true,
          fields: [REASON],
          run: ({ reason = '' }) => live.act({ do: 'terminate', sessionId: id, ...optional(reason) }),
        },
        `Terminated ${id}`,
      ),
  },
  kill: {
    name: 'Kill…',
    danger: true,
    start: (live, id) =>
      askAndDo(
        {
          title: `Kill ${id}?`,
          body: 'It ends at once, without its cleanup. Where supervision restarts sessions, it is started again.',
          confirm: 'Kill',
          danger: true,
          fields: [REASON],
          run: ({ reason = '' }) => live.act({ do: 'kill', sessionId: id, ...optional(reason) }),
        },
        `Killed ${id}`,
      ),
  },
};

function optional(reason: string): { reason?: string } {
  return reason.trim() === '' ? {} : { reason: reason.trim() };
}

/** Why it would be refused, when that is known already. */
function whyNot(action: SessionAction, status: SessionStatus | undefined): string | undefined {
  if (status === 'terminated') return 'This session has ended.';
  if (status === 'terminating' && action !== 'kill') return 'This session is ending.';
  return undefined;
}
