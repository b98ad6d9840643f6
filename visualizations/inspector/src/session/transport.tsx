import { type ReadonlySignal, useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { Icon } from '../parts/icon.tsx';
import { useShortcuts } from '../shortcuts.ts';
import type { Book } from './book.ts';

/** Entries a second. */
const SPEEDS = [1, 2, 5, 10, 50, 200] as const;
/** Faster than this it goes several entries at once. */
const MOST_STEPS_A_SECOND = 25;

interface TransportProps {
  readonly book: Book;
  readonly live: ReadonlySignal<boolean>;
  /** Where A is of a comparison. */
  readonly pin: ReadonlySignal<number | undefined>;
  setPin(n: number | undefined): void;
}

/** Through time: to the ends, by one, by itself, and to any place. */
export function Transport({ book, live, pin, setPin }: TransportProps) {
  const speed = useSignal<number>(5);
  const playing = useSignal(false);
  const atStart = useComputed(() => book.n.value === 0);
  const atEnd = useComputed(() => book.n.value === book.length.value);

  useSignalEffect(() => {
    if (!playing.value) return;
    const perSecond = Math.min(speed.value, MOST_STEPS_A_SECOND);
    const entries = Math.round(speed.value / perSecond);
    const timer = setInterval(() => {
      book.go(book.n.peek() + entries);
      if (book.n.peek() >= book.length.peek()) playing.value = false;
    }, 1000 / perSecond);
    return () => clearInterval(timer);
  });

  const go = (n: number) => {
    playing.value = false;
    book.go(n);
  };
  const toggle = () => {
    if (!playing.peek() && book.n.peek() === book.length.peek()) book.go(0);
    else book.hold();
    playing.value = !playing.peek();
  };
  const last = () => (live.peek() ? book.follow() : go(book.length.peek()));
  useShortcuts('Time', [
    { keys: 'ArrowLeft', words: 'one entry back', run: () => go(book.n.peek() - 1) },
    { keys: 'ArrowRight', words: 'one entry forward', run: () => go(book.n.peek() + 1) },
    { keys: 'Home', words: 'before the first entry', run: () => go(0) },
    { keys: 'End', words: 'the last entry', run: last },
    { keys: 'Space', words: 'play, or pause', run: toggle },
    {
      keys: 'c',
      words: 'compare with this moment, or end it',
      run: () => setPin(pin.peek() === undefined ? book.n.peek() : undefined),
    },
  ]);

  return (
    <fieldset class="transport" aria-label="Time">
      <div class="transport-buttons">
        <Step label="Before the first entry" icon="previous" off={atStart} run={() => go(0)} />
        <Step label="One entry back" icon="chevron" turned off={atStart} run={() => go(book.n.peek() - 1)} />
        <button
          type="button"
          class="icon-button"
          aria-label={playing.value ? 'Pause' : 'Play'}
          title={playing.value ? 'Pause (space)' : 'Play (space)'}
          onClick={toggle}
        >
          <Icon name={playing.value ? 'pause' : 'play'} />
        </button>
        <Step label="One entry forward" icon="chevron" off={atEnd} run={() => go(book.n.peek() + 1)} />
        <Step label="The last entry" icon="next" off={atEnd} run={() => go(book.length.peek())} />
        <select
          class="field speed"
          aria-label="Speed of playing"
          value={speed.value}
          onChange={({ currentTarget }) => {
            speed.value = Number(currentTarget.value);
          }}
        >
          {SPEEDS.map((each) => (
            <option key={each} value={each}>
              {each}/s
            </option>
          ))}
        </select>
      </div>
      <Scrubber book={book} pin={pin} onMove={go} onPlay={toggle} />
      <div class="transport-ends">
        <button
          type="button"
          class="button small"
          aria-pressed={pin.value !== undefined}
          onClick={() => setPin(pin.peek() === undefined ? book.n.peek() : undefined)}
        >
          {pin.value === undefined ? 'Compare' : 'End comparing'}
        </button>
        {(live.value || book.follows.value) && !book.trace && (
          <button
            type="button"
            class="button small live-button"
            aria-pressed={book.follows.value}
            disabled={!live.value}
            onClick={() => (book.follows.peek() ? book.hold() : book.follow())}
          >
            <Icon name="record" size={12} /> {live.value ? 'Live' : 'Not live'}
          </button>
        )}
      </div>
    </fieldset>
  );
}

function Step(props: {
  label: string;
  icon: 'previous' | 'next' | 'chevron';
  turned?: boolean;
  off: ReadonlySignal<boolean>;
  run(): void;
}) {
  return (
    <button
      type="button"
      class={`icon-button ${props.turned ? 'turned' : ''}`}
      aria-label={props.label}
      title={props.label}
      aria-disabled={props.off.value}
      onClick={props.run}
    >
      <Icon name={props.icon} />
    </button>
  );
}

/** The place in time, to be dragged. Marks: where A of a comparison is, and where the invariant breaks. */
function Scrubber(props: {
  book: Book;
  pin: TransportProps['pin'];
  onMove(n: number): void;
  onPlay(): void;
}) {
  const { book, pin, onMove, onPlay } = props;
  const asked = useRef(0);
  const { n, length } = book;
  const { failure } = book;
  const portion = (at: number) =>
    `${length.value === 0 ? 0 : (100 * Math.min(at, length.value)) / length.value}%`;
  const move = (to: number) => {
    // Dragging tells more often than anybody can see.
    cancelAnimationFrame(asked.current);
    asked.current = requestAnimationFrame(() => onMove(to));
  };
  return (
    <div class="scrubber">
      <div class="scrubber-track">
        <input
          type="range"
          min={0}
          max={length.value}
          step={1}
          value={n.value}
          style={{ '--happened': portion(n.value) }}
          aria-label="Moment"
          aria-valuetext={book.inWords(n.value)}
          onInput={({ currentTarget }) => move(currentTarget.valueAsNumber)}
          onKeyDown={(event) => {
            if (event.key !== ' ') return;
            event.preventDefault();
            onPlay();
          }}
        />
        <div class="scrubber-marks" aria-hidden="true">
          {pin.value !== undefined && (
            <span class="mark pin" style={{ left: portion(pin.value) }}>
              A
            </span>
          )}
          {failure && <span class="mark failure" style={{ left: portion(failure.entries) }} />}
        </div>
      </div>
      <p class="scrubber-words">
        <span class="mono">
          {n.value} / {length.value}
        </span>
        <span class="mono muted">{book.timeOf(n.value - 1)}</span>
        <span class="scrubber-entry">
          {n.value === 0 ? 'before the first entry' : book.pages.value.sequence.words(n.value - 1)}
        </span>
      </p>
    </div>
  );
}
