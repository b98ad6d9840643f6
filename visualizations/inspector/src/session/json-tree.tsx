import { useSignal } from '@preact/signals';
import type { Json } from 'chartroom';
import { type Change, excerpt, type JsonPath, legible } from 'chartroom/inspect';
import type { Marks } from './marks.ts';

const PAGE = 100;
const WORDS = { added: 'added', changed: 'changed', removed: 'removed' } as const;
const SIGNS = { added: '+', changed: '~', removed: '−' } as const;

/** A value to look into. What `marks` names is marked by a sign, a word for screen readers, and a colour. */
export function JsonTree({ value, marks, label }: { value: Json; marks?: Marks; label: string }) {
  if (!isBranch(value))
    return (
      <p class="json">
        <Mark change={marks?.at([])} />
        <Leaf value={value} />
      </p>
    );
  return (
    <section class="json" aria-label={label}>
      <Members value={value} path={[]} {...(marks && { marks })} />
    </section>
  );
}

interface Place {
  readonly path: JsonPath;
  readonly marks?: Marks;
}

function Members({ value, path, marks }: Place & { value: object }) {
  const shown = useSignal(PAGE);
  const isList = Array.isArray(value);
  const all = Object.entries(value) as [string, Json][];
  const gone = marks?.goneFrom(path) ?? [];
  if (all.length === 0 && gone.length === 0) return <p class="muted">{isList ? 'an empty list' : 'empty'}</p>;
  const rest = all.length - shown.value;
  return (
    <ul>
      {all.slice(0, shown.value).map(([key, each]) => (
        <Member
          key={key}
          name={key}
          value={each}
          path={[...path, isList ? Number(key) : key]}
          {...(marks && { marks })}
        />
      ))}
      {gone.map((change) => (
        <li key={`gone ${String(change.at.at(-1))}`} class="removed">
          <Mark change={change} />
          <span class="json-key">{legible(String(change.at.at(-1)))}</span>
          <Leaf value={excerpt(change.before)} plain />
        </li>
      ))}
      {rest > 0 && (
        <li>
          <button type="button" class="button quiet small" onClick={() => (shown.value += PAGE)}>
            Show {Math.min(PAGE, rest)} of {rest} more
          </button>
        </li>
      )}
    </ul>
  );
}

function Member({ name, value, path, marks }: Place & { name: string; value: Json }) {
  const change = marks?.at(path);
  const isAbove = marks?.isAbove(path) === true;
  const chosen = useSignal<boolean | undefined>(undefined);
  if (!isBranch(value))
    return (
      <li class={change?.kind}>
        <Mark change={change} />
        <span class="json-key">{legible(name)}</span>
        <Leaf value={value} />
        {change?.kind === 'changed' && change.before !== undefined && (
          <span class="json-before">
            was <s>{excerpt(change.before)}</s>
          </span>
        )}
      </li>
    );
  const size = sizeOf(value);
  const isOpen = chosen.value ?? (isAbove || (path.length < 2 && size > 0 && size <= 20));
  return (
    <li class={change?.kind}>
      <Mark change={change} />
      <button
        type="button"
        class="json-branch"
        aria-expanded={isOpen}
        onClick={() => {
          chosen.value = !isOpen;
        }}
      >
        <span class="json-key">{legible(name)}</span>
        <span class="muted">{brief(value)}</span>
        {isAbove && !isOpen && <span class="badge info">changed inside</span>}
      </button>
      {isOpen && <Members value={value} path={path} {...(marks && { marks })} />}
    </li>
  );
}

function Mark({ change }: { change: Change | undefined }) {
  if (!change) return null;
  return (
    <span class={`json-mark ${change.kind}`}>
      <span aria-hidden="true">{SIGNS[change.kind]}</span>
      <span class="sr-only">{WORDS[change.kind]} </span>
    </span>
  );
}

function Leaf({ value, plain = false }: { value: Json; plain?: boolean }) {
  const kind = value === null ? 'null' : typeof value;
  return (
    <span class={`json-leaf ${kind}`}>
      {plain ? String(value) : typeof value === 'string' ? quoted(value) : String(value)}
    </span>
  );
}

const MOST_TEXT = 2000;

function quoted(text: string): string {
  const quotedText = legible(JSON.stringify(text.slice(0, MOST_TEXT)));
  return text.length > MOST_TEXT ? `${quotedText} … ${text.length - MOST_TEXT} more characters` : quotedText;
}

function brief(value: object): string {
  const size = sizeOf(value);
  if (Array.isArray(value)) return `[ ${size} ]`;
  return `{ ${size} }`;
}

function sizeOf(value: object): number {
  return Array.isArray(value) ? value.length : Object.keys(value).length;
}

function isBranch(value: Json): value is Exclude<Json, string | number | boolean | null> {
  return typeof value === 'object' && value !== null;
}
