import type { JsonObject } from 'chartroom';
import type { Detail, OpenCall, SessionMoment } from 'chartroom/inspect';
import { excerpt, legible } from 'chartroom/inspect';
import { formatTime } from '../parts/format.ts';
import { StatusMark } from '../parts/status-mark.tsx';
import { Section } from './holdings.tsx';
import { JsonTree } from './json-tree.tsx';
import { marksOf } from './marks.ts';

/** What is known of a session beside its contents. */
export function About(props: {
  session: SessionMoment;
  before: SessionMoment | undefined;
  detail: Detail | undefined;
  isNow: boolean;
  calls: readonly OpenCall[];
}) {
  const { session, before, detail, isNow, calls } = props;
  const { state } = session;
  const info: JsonObject = {
    metadata: state.metadata,
    llmConfig: state.llmConfig,
    config: state.config as never,
  };
  const known = before?.state ?? state;
  const marks = marksOf(
    { metadata: known.metadata, llmConfig: known.llmConfig, config: known.config as never },
    info,
  );
  const times: readonly (readonly [string, string])[] = [
    ['Created', state.createdAt],
    ['Updated', state.updatedAt],
    ['Last activity', state.lastActivityAt],
  ];
  return (
    <div class="sections">
      <dl class="pairs">
        <dt>Status</dt>
        <dd>
          <StatusMark status={state.status} asleep={isNow && detail?.asleep === true} />
        </dd>
        {state.reason !== undefined && (
          <>
            <dt>Because</dt>
            <dd>{legible(state.reason)}</dd>
          </>
        )}
        {state.error && (
          <>
            <dt>Error</dt>
            <dd class="bad-text">{legible(`${state.error.name}: ${state.error.message}`)}</dd>
          </>
        )}
        {session.agentStatus !== undefined && (
          <>
            <dt>Agent says</dt>
            <dd>{legible(session.agentStatus)}</dd>
          </>
        )}
        <dt>Restarts</dt>
        <dd>{state.restarts}</dd>
        {detail && isNow && (
          <>
            <dt>At work on</dt>
            <dd>{detail.tasks === 1 ? '1 task' : `${detail.tasks} tasks`}</dd>
          </>
        )}
        <dt>Facts</dt>
        <dd>{state.sessionSeq}</dd>
        {times.map(([words, at]) => (
          <>
            <dt>{words}</dt>
            <dd>{formatTime(Date.parse(at))}</dd>
          </>
        ))}
      </dl>
      <Section title="Open calls" count={calls.length} nothing="No call is waiting for its answer.">
        <ul class="files">
          {calls.slice(0, 100).map(({ call, name, arguments: given }) => (
            <li key={call}>
              <strong>{name}</strong>
              {given !== undefined && <span class="mono muted">{excerpt(given)}</span>}
            </li>
          ))}
        </ul>
      </Section>
      <Section title="Given to it" nothing="">
        <JsonTree label="Metadata and configuration" value={info} marks={marks} />
      </Section>
    </div>
  );
}
