import type { ReadonlySignal } from '@preact/signals';
import type { Detail, SessionMoment } from 'chartroom/inspect';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef } from 'preact/hooks';
import { About } from './about.tsx';
import { ActorTree } from './actor-tree.tsx';
import type { ActorRow } from './actors.ts';
import type { Book } from './book.ts';
import { ComparePanel } from './compare-panel.tsx';
import { Conversation } from './conversation.tsx';
import { Holdings } from './holdings.tsx';
import { Standing } from './standing.tsx';

export interface ContentsProps {
  readonly book: Book;
  readonly rows: readonly ActorRow[];
  readonly chosen: ActorRow | undefined;
  readonly session: string | undefined;
  readonly detail: Detail | undefined;
  readonly now: ReadonlySignal<number>;
  readonly pin: number | undefined;
  readonly panel: string | undefined;
  /** There are or will be any. */
  readonly hasSessions: boolean;
  openPanel(name: string): void;
  movePin(n: number): void;
  choose(row: ActorRow): void;
}

interface Panel {
  readonly name: string;
  readonly words: string;
  draw(): ComponentChildren;
}

/** What the moment holds, a panel at a time. */
export function Contents(props: ContentsProps) {
  const id = useId();
  const panels = panelsOf(props);
  const open = panels.find(({ name }) => name === props.panel) ?? panels[0];
  const tabs = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const move = (by: number) => {
    const at = open ? panels.indexOf(open) : 0;
    const next = panels[(at + by + panels.length) % panels.length];
    if (next) props.openPanel(next.name);
    requestAnimationFrame(() => tabs.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
  };
  useFollowedEnd(body, open?.name);
  return (
    <section class="pane contents" aria-label="Contents">
      <div
        ref={tabs}
        class="tabs"
        role="tablist"
        aria-label="Contents"
        onKeyDown={(event) => {
          if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
          event.preventDefault();
          event.stopPropagation();
          move(event.key === 'ArrowLeft' ? -1 : 1);
        }}
      >
        {panels.map(({ name, words }) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`${id}-${name}`}
            aria-selected={name === open?.name}
            aria-controls={`${id}-panel`}
            tabIndex={name === open?.name ? 0 : -1}
            onClick={() => props.openPanel(name)}
          >
            {words}
          </button>
        ))}
      </div>
      <div
        ref={body}
        class="pane-body"
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-${open?.name}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys
        tabIndex={0}
      >
        {open?.draw()}
      </div>
    </section>
  );
}

function panelsOf(props: ContentsProps): Panel[] {
  const { book, rows, chosen, detail, now, pin, choose } = props;
  const isNow = book.follows.value;
  const moment = book.moment.value;
  const session = props.session === undefined ? undefined : moment.sessions.get(props.session);
  const sessionBefore = session && book.before(session);
  const chartBefore = chosen?.chart && book.chartBefore(chosen.chart);
  const panels: Panel[] = [
    {
      name: 'state',
      words: 'State',
      draw: () => <Standing row={chosen} before={chartBefore} detail={detail} isNow={isNow} now={now} />,
    },
    {
      name: 'actors',
      words: 'Actors',
      draw: () => (
        <ActorTree
          rows={rows}
          chosen={chosen}
          isNow={isNow}
          hasDetail={detail !== undefined}
          choose={choose}
        />
      ),
    },
  ];
  if (props.hasSessions) {
    const withSession = (draw: (held: SessionMoment) => ComponentChildren) => () =>
      session ? draw(session) : <NotYet />;
    panels.unshift(
      {
        name: 'said',
        words: 'Conversation',
        draw: withSession((held) => <Conversation session={held} before={sessionBefore} />),
      },
      {
        name: 'files',
        words: 'Files',
        draw: withSession((held) => (
          <Holdings session={held} before={sessionBefore} detail={detail} isNow={isNow} />
        )),
      },
    );
    const calls = [...moment.calls.values()].filter(({ sessionId }) => sessionId === session?.id);
    panels.push({
      name: 'about',
      words: 'About',
      draw: withSession((held) => (
        <About session={held} before={sessionBefore} detail={detail} isNow={isNow} calls={calls} />
      )),
    });
  }
  if (pin !== undefined)
    panels.unshift({
      name: 'compare',
      words: 'Compare',
      draw: () => <ComparePanel book={book} a={pin} session={props.session} movePin={props.movePin} />,
    });
  return panels;
}

function NotYet() {
  return (
    <p class="empty">
      <strong>The session has not begun</strong>Go forward to the entry that creates it.
    </p>
  );
}

/** A conversation that one reads at its end goes on to be read at its end. */
function useFollowedEnd(body: { current: HTMLElement | null }, panel: string | undefined): void {
  const isAtEnd = useRef(true);
  useEffect(() => {
    const element = body.current;
    if (!element) return;
    isAtEnd.current = true;
    const note = () => {
      isAtEnd.current = element.scrollTop + element.clientHeight >= element.scrollHeight - 24;
    };
    element.addEventListener('scroll', note, { passive: true });
    return () => element.removeEventListener('scroll', note);
  }, [body, panel]);
  // Each time that it is drawn: what is new is in the page by then.
  useLayoutEffect(() => {
    const element = body.current;
    if (!element) return;
    if (panel === 'said' && isAtEnd.current) element.scrollTop = element.scrollHeight;
  });
}
