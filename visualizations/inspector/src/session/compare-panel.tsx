import {
  type Changes,
  type ChartDifference,
  compare,
  contentInWords,
  excerpt,
  legible,
  type SessionDifference,
  stateInWords,
} from 'chartroom/inspect';
import type { ComponentChildren } from 'preact';
import type { Book } from './book.ts';

const MOST_LINES = 50;
const SIGNS = { added: '+', changed: '~', removed: '−' } as const;

/** What is different at B, where one is, from A, which was pinned. */
export function ComparePanel(props: {
  book: Book;
  a: number;
  session: string | undefined;
  movePin(n: number): void;
}) {
  const { book, a, session, movePin } = props;
  const b = book.n.value;
  const { charts, sessions } = compare(book.pages.value.past.at(a), book.moment.value, session);
  return (
    <div class="sections compare">
      <div class="compare-ends">
        <p>
          <strong>A</strong> {book.inWords(a)}
        </p>
        <p>
          <strong>B</strong> {book.inWords(b)}
        </p>
        <button
          type="button"
          class="button small"
          disabled={a === b}
          onClick={() => swap(book, a, b, movePin)}
        >
          Swap A and B
        </button>
      </div>
      {a === b && (
        <p class="notice info">A and B are the same moment. Move to another one: A stays where it is.</p>
      )}
      {a !== b && charts.length === 0 && sessions.length === 0 && (
        <p class="notice">
          Nothing is different between the two, though {Math.abs(b - a)}{' '}
          {Math.abs(b - a) === 1 ? 'entry is' : 'entries are'} between them.
        </p>
      )}
      {charts.map((each) => (
        <ChartLines key={`${each.definition} ${each.actor}`} difference={each} />
      ))}
      {sessions.map((each) => (
        <SessionLines key={each.id} difference={each} />
      ))}
    </div>
  );
}

function swap(book: Book, a: number, b: number, movePin: (n: number) => void): void {
  movePin(b);
  book.hold();
  book.go(a);
}

function ChartLines({ difference }: { difference: ChartDifference }) {
  const { actor, definition, moved, before, after, statusBefore, statusAfter, context } = difference;
  const lines: ComponentChildren[] = [];
  if (moved)
    lines.push(
      <Line key="value" kind="changed" words={<Way from={stateOf(before)} to={stateOf(after)} />} />,
    );
  if (statusBefore !== statusAfter)
    lines.push(
      <Line
        key="status"
        kind="changed"
        words={<Way from={statusBefore ?? 'not told'} to={statusAfter ?? 'not told'} />}
      />,
    );
  return (
    <section>
      <h2>
        {actor}{' '}
        <span class="muted">
          chart{definition === actor || definition === 'session' ? '' : ` · ${definition}`}
        </span>
      </h2>
      <ul class="lines">{lines}</ul>
      <TreeLines name="context" tree={context} />
    </section>
  );
}

function stateOf(value: ChartDifference['before']): string {
  return value === undefined ? 'not told' : stateInWords(value);
}

function SessionLines({ difference }: { difference: SessionDifference }) {
  const { id, before, after, messages, files, fileIndex, workingContext, info } = difference;
  return (
    <section>
      <h2>
        {id} <span class="muted">session</span>
      </h2>
      <ul class="lines">
        {before !== after && (
          <Line kind="changed" words={<Way from={before ?? 'not there'} to={after ?? 'not there'} />} />
        )}
        {messages.removed.slice(0, MOST_LINES).map((message) => (
          <Line
            key={`- ${message.id}`}
            kind="removed"
            words={`${message.role} ${contentInWords(message.content as never)}`}
          />
        ))}
        {messages.added.slice(-MOST_LINES).map((message) => (
          <Line
            key={`+ ${message.id}`}
            kind="added"
            words={`${message.role} ${contentInWords(message.content as never)}`}
          />
        ))}
        {messages.added.length > MOST_LINES && (
          <li class="muted">{messages.added.length} messages were added in all.</li>
        )}
        {files.removed.map((path) => (
          <Line key={`- ${path}`} kind="removed" words={legible(path)} />
        ))}
        {files.added.map((path) => (
          <Line key={`+ ${path}`} kind="added" words={legible(path)} />
        ))}
      </ul>
      <TreeLines name="working context" tree={workingContext} />
      <TreeLines name="file index" tree={fileIndex} />
      <TreeLines name="session" tree={info} />
    </section>
  );
}

function TreeLines({ name, tree }: { name: string; tree: Changes }) {
  if (tree.changes.length === 0) return null;
  return (
    <>
      <h3>{name}</h3>
      <ul class="lines">
        {tree.changes.slice(0, MOST_LINES).map(({ kind, at, before, after }) => (
          <Line
            key={`${kind} ${JSON.stringify(at)}`}
            kind={kind}
            at={legible(at.map(String).join(' › ')) || 'all of it'}
            words={
              kind === 'changed' ? (
                <Way from={excerpt(before)} to={excerpt(after)} />
              ) : (
                excerpt(kind === 'added' ? after : before)
              )
            }
          />
        ))}
        {(tree.more || tree.changes.length > MOST_LINES) && <li class="muted">There are more.</li>}
      </ul>
    </>
  );
}

function Way({ from, to }: { from: string; to: string }) {
  return (
    <>
      {from} <span aria-hidden="true">→</span>
      <span class="sr-only"> became </span> {to}
    </>
  );
}

function Line(props: { kind: keyof typeof SIGNS; at?: string; words: ComponentChildren }) {
  return (
    <li class={props.kind}>
      <span class={`json-mark ${props.kind}`}>
        <span aria-hidden="true">{SIGNS[props.kind]}</span>
        <span class="sr-only">{props.kind} </span>
      </span>
      {props.at !== undefined && <span class="json-key">{props.at}</span>}
      <span class="mono">{props.words}</span>
    </li>
  );
}
