/** @jsxImportSource react */
import type { SessionInfo } from 'chartroom';
import { useConversation } from 'chartroom/react';
import { nameOf } from '../shared/names.ts';
import { stickToEnd } from '../shared/stick-to-end.ts';
import type { Drawer } from './app.tsx';
import { Composer } from './composer.tsx';
import { Answer, Messages } from './messages.tsx';
import { NoFiles } from './no-files.tsx';
import { Unanswered } from './unanswered.tsx';
import { useValue, useWorkspace } from './use-workspace.ts';

const stick = (content: HTMLElement | null) => (content ? stickToEnd(content) : undefined);

interface Props {
  readonly info: SessionInfo;
  readonly drawer: Drawer;
  readonly onDrawer: (drawer: Drawer) => void;
}

export function Conversation({ info, drawer, onDrawer }: Props) {
  const { messages, streaming, status } = useConversation(info.id);
  const { answering } = useValue(useWorkspace().digests.of(info.id));
  const isEmpty = messages.length === 0;
  const last = messages.at(-1);
  return (
    <main
      className="talk"
      tabIndex={-1}
      aria-label={`Session ${nameOf(info)}`}
      aria-busy={status === 'loading'}
    >
      <header>
        <h2>{nameOf(info)}</h2>
        <span className="quiet">{answering ? 'answering' : info.status}</span>
        <button
          type="button"
          className="button toggle for-details"
          aria-expanded={drawer === 'details'}
          aria-controls="details"
          onClick={() => onDrawer(drawer === 'details' ? undefined : 'details')}
        >
          Details
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
      <section className="frame" tabIndex={0} aria-label="Conversation">
        {isEmpty && status === 'ready' && <NoFiles info={info} />}
        {!isEmpty && (
          <ol ref={stick} className="messages">
            <Messages messages={messages} />
            {streaming.map(({ turnId, text }) => (
              <li key={turnId} className="message assistant">
                <Answer text={text} isTold />
              </li>
            ))}
            {answering && streaming.length === 0 && <li className="working">Searching the files…</li>}
            {last?.role === 'user' && !answering && <Unanswered id={info.id} question={last} />}
          </ol>
        )}
      </section>
      <Composer id={info.id} answering={answering} hasFiles={info.activeFileCount > 0} />
    </main>
  );
}
