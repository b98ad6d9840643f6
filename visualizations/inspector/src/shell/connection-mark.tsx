import { useSignal, useSignalEffect } from '@preact/signals';
import type { ConnectionState } from '../live/connection.ts';
import type { Live } from '../live/live.ts';
import { formatDuration, formatTime } from '../parts/format.ts';
import { Icon } from '../parts/icon.tsx';
import { useApp } from './app-state.ts';

const WORDS: Readonly<Record<ConnectionState['is'], string>> = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Connection lost',
  refused: 'Not connected',
  closed: 'Closed',
};

/** A word and a shape for the state of the line. */
export function ConnectionMark({ live }: { live: Live }) {
  const { is } = live.connection.state.value;
  return (
    <p class={`connection ${is}`} role="status">
      <span class="dot" aria-hidden="true" />
      {WORDS[is]}
    </p>
  );
}

/** What to do about a line that is down. */
export function ConnectionBanner({ live }: { live: Live }) {
  const state = live.connection.state.value;
  const isInPage = useApp().home === 'page';
  const clock = useSignal(Date.now());
  useSignalEffect(() => {
    if (!('nextTryAt' in live.connection.state.value)) return;
    const timer = setInterval(() => {
      clock.value = Date.now();
    }, 1000);
    return () => clearInterval(timer);
  });
  if (state.is === 'live' || state.is === 'connecting') return null;
  if (state.is === 'closed')
    return (
      <div class="banner warn" role="status">
        <Icon name="warning" />
        <p>
          <strong>The inspector has closed.</strong> {state.message} What was seen last stays here.
        </p>
      </div>
    );
  const wait = Math.max(0, state.nextTryAt - clock.value);
  return (
    <div class="banner bad">
      <Icon name="warning" />
      <p>
        <strong>
          {state.is === 'lost'
            ? `Connection lost at ${formatTime(state.since).slice(0, -'.000'.length)}.`
            : 'There is no connection to the engine.'}
        </strong>{' '}
        {adviceOn(state, isInPage)}{' '}
        <span class="muted-on-tint">
          {wait < 1000 ? 'Trying now.' : `Next try in ${formatDuration(Math.floor(wait / 1000) * 1000)}.`}
        </span>
      </p>
      <button type="button" class="button small" onClick={() => live.connection.open()}>
        Try now
      </button>
    </div>
  );
}

function adviceOn(
  { is, otherToken }: Extract<ConnectionState, { is: 'lost' | 'refused' }>,
  isInPage: boolean,
): string {
  if (isInPage)
    return 'The page that has opened this inspector does not answer. If it was closed or loaded anew, open the inspector from it again.';
  if (otherToken)
    return 'The program runs, but does not take this page’s token: it has been started anew. Open the address that it printed.';
  return is === 'lost'
    ? 'What you see is as it was then. Is the program still running?'
    : 'Nobody answers at this address. Start the program, and open the address that it prints.';
}
