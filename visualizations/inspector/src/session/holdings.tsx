import type { Json, JsonObject } from 'chartroom';
import type { Detail, SessionMoment } from 'chartroom/inspect';
import { legible } from 'chartroom/inspect';
import type { ComponentChildren } from 'preact';
import { formatBytes, formatCount, formatTime } from '../parts/format.ts';
import { JsonTree } from './json-tree.tsx';
import { marksOf } from './marks.ts';

interface HoldingsProps {
  readonly session: SessionMoment;
  readonly before: SessionMoment | undefined;
  readonly detail: Detail | undefined;
  readonly isNow: boolean;
}

const MOST_FILES = 200;

/** Files, what is known of them, the working context, the cache. */
export function Holdings({ session, before, detail, isNow }: HoldingsProps) {
  const { files, fileIndex, workingContext } = session.state;
  const known = before?.state.files;
  const listed = [...(files ?? [])].slice(-MOST_FILES);
  return (
    <div class="sections">
      <Section title="Active files" count={files?.size ?? 0} nothing="No file is active.">
        <ul class="files">
          {listed.map(([path, addedAt]) => (
            <li key={path}>
              {before && !known?.has(path) && <Added />}
              <span class="mono">{legible(path)}</span>
              <time class="muted" dateTime={String(addedAt)}>
                {formatTime(Date.parse(addedAt))}
              </time>
            </li>
          ))}
        </ul>
        {(files?.size ?? 0) > MOST_FILES && <p class="muted">The newest {MOST_FILES} are shown.</p>}
      </Section>
      <Section title="Working context" count={workingContext?.size ?? 0} nothing="No key is set.">
        <Tree label="Working context" now={workingContext} before={before?.state.workingContext} />
      </Section>
      <Section title="File index" count={fileIndex?.size ?? 0} nothing="Nothing is known of any file.">
        <Tree label="File index" now={fileIndex} before={before?.state.fileIndex} />
      </Section>
      <Cache detail={detail} isNow={isNow} />
    </div>
  );
}

export function Section(props: {
  title: string;
  count?: number;
  nothing: string;
  children: ComponentChildren;
}) {
  return (
    <section>
      <h2>
        {props.title}{' '}
        {props.count !== undefined && props.count > 0 && <span class="chip">{formatCount(props.count)}</span>}
      </h2>
      {props.count === 0 ? <p class="muted">{props.nothing}</p> : props.children}
    </section>
  );
}

function Tree(props: {
  label: string;
  now: ReadonlyMap<string, Json> | undefined;
  before: ReadonlyMap<string, Json> | undefined;
}) {
  const now: JsonObject = Object.fromEntries(props.now ?? []);
  return (
    <JsonTree label={props.label} value={now} marks={marksOf(Object.fromEntries(props.before ?? []), now)} />
  );
}

function Cache({ detail, isNow }: Pick<HoldingsProps, 'detail' | 'isNow'>) {
  const cache = detail?.cache;
  if (!cache) return null;
  const asked = cache.hits + cache.misses;
  return (
    <Section title="Cache" count={cache.files + cache.analyses} nothing="Nothing is cached.">
      {!isNow && <p class="muted">As it is now: what was cached then is not recorded.</p>}
      <p>
        {many(cache.files, 'file', 'files')} and {many(cache.analyses, 'analysis', 'analyses')},{' '}
        {formatBytes(cache.bytes)}
        {asked > 0 &&
          `; ${Math.round((100 * cache.hits) / asked)} % of ${many(asked, 'look-up was a hit', 'look-ups were hits')}`}
      </p>
      <ul class="files">
        {cache.entries.map(({ path, kind, bytes }) => (
          <li key={`${path} ${kind ?? ''}`}>
            <span class="mono">{legible(path)}</span>
            {kind !== undefined && <span class="chip">{kind}</span>}
            <span class="muted">{formatBytes(bytes)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Added() {
  return (
    <span class="json-mark added">
      <span aria-hidden="true">+</span>
      <span class="sr-only">added </span>
    </span>
  );
}

function many(count: number, one: string, more: string): string {
  return `${formatCount(count)} ${count === 1 ? one : more}`;
}
