import { useSignal } from '@preact/signals';
import type { Content, Message } from 'chartroom';
import { type Answer, excerpt, legible, type SessionMoment } from 'chartroom/inspect';
import { formatTime } from '../parts/format.ts';

/** Drawn at first: while one drags through time all of them may be others in each frame. */
const FIRST = 40;
const PAGE = 200;

/** What has been said, the newest last; an answer that is still being told grows at the end. */
export function Conversation({
  session,
  before,
}: {
  session: SessionMoment;
  before: SessionMoment | undefined;
}) {
  const shown = useSignal(FIRST);
  const { conversation } = session.state;
  const count = conversation?.count ?? 0;
  if (count === 0 && session.answers.size === 0)
    return (
      <p class="empty">
        <strong>Nothing has been said</strong>
        {session.partial
          ? 'What was said before the recording began is not known.'
          : 'There are no messages yet.'}
      </p>
    );
  const messages = conversation?.slice(shown.value) ?? [];
  const hidden = count - messages.length;
  const known = before === session ? count : (before?.state.messageNumber ?? 0);
  const isNew = (message: Message) =>
    session !== before && message.seq === messages.at(-1)?.seq && session.state.messageNumber > known;
  return (
    <div class="conversation">
      {hidden > 0 && (
        <button type="button" class="button quiet small" onClick={() => (shown.value += PAGE)}>
          Show {Math.min(PAGE, hidden)} of {hidden} earlier messages
        </button>
      )}
      <ol>
        {inOrder(messages, session.answers).map((each) =>
          'role' in each ? (
            <Said key={`${each.id} ${each.seq}`} message={each} isNew={isNew(each)} />
          ) : (
            <Told key={`turn ${each.turn}`} answer={each} />
          ),
        )}
      </ol>
    </div>
  );
}

type TurnOf = Answer & { readonly turn: string };

function inOrder(
  messages: readonly Message[],
  answers: SessionMoment['answers'],
): readonly (Message | TurnOf)[] {
  const since = messages[0]?.seq ?? 0;
  const told = [...answers].map(([turn, answer]) => ({ turn, ...answer }));
  // Those among messages that are not shown are not shown either.
  return [...messages, ...told.filter(({ seq, isWhole }) => !isWhole || seq >= since)].sort(
    (a, b) => a.seq - b.seq,
  );
}

/** What the agent has told its listeners, and not (or not yet) made a message. */
function Told({ answer: { text, isWhole } }: { answer: TurnOf }) {
  return (
    <li class={`message assistant ${isWhole ? '' : 'growing'}`}>
      <div class="message-head">
        <strong>assistant</strong>
        <span class={`badge ${isWhole ? '' : 'info'}`}>{isWhole ? 'streamed only' : 'streaming'}</span>
      </div>
      <div class="message-text">
        {clipped(text)}
        {!isWhole && <span class="caret" aria-hidden="true" />}
      </div>
    </li>
  );
}

function Said({ message, isNew }: { message: Message; isNew: boolean }) {
  const { role, content, createdAt, metadata, idempotencyKey, toolCallId } = message;
  const details = {
    ...(idempotencyKey !== undefined && { idempotencyKey }),
    ...(toolCallId !== undefined && { toolCallId }),
    ...metadata,
  };
  return (
    <li class={`message ${role}`}>
      <div class="message-head">
        <strong>{legible(role)}</strong>
        {isNew && <span class="badge ok">new</span>}
        <span class="spread" />
        <time class="muted" dateTime={createdAt}>
          {formatTime(Date.parse(createdAt))}
        </time>
      </div>
      <div class="message-text">
        <Parts content={content} />
      </div>
      {Object.keys(details).length > 0 && (
        <p class="message-details">
          {Object.entries(details).map(([key, value]) => (
            <span key={key} class="chip">
              {legible(key)}: {typeof value === 'string' ? legible(value) : excerpt(value)}
            </span>
          ))}
        </p>
      )}
    </li>
  );
}

const MOST_TEXT = 20_000;

function Parts({ content }: { content: Content }) {
  if (typeof content === 'string') return <>{clipped(content)}</>;
  if (!Array.isArray(content)) return <code>{excerpt(content)}</code>;
  return (
    <>
      {content.map((part, n) => {
        const text = (part as { text?: unknown } | null)?.text;
        return typeof text === 'string' ? (
          <p key={n}>{clipped(text)}</p>
        ) : (
          <code key={n}>{excerpt(part)}</code>
        );
      })}
    </>
  );
}

function clipped(text: string): string {
  const shown = legible(text.slice(0, MOST_TEXT));
  return text.length > MOST_TEXT ? `${shown}… ${text.length - MOST_TEXT} more characters` : shown;
}
