import { formatAgo, formatCount } from '../parts/format.ts';
import { hrefOf } from '../route.ts';
import { useApp } from '../shell/app-state.ts';

/** Actor trees of other XState apps: of the page that opened this one, or those that talk to the inspector. */
export function AppsPage() {
  const { live, opener } = useApp();
  const rows = (live?.apps ?? opener?.rows)?.value ?? [];
  const now = live ? live.now.value : Date.now();
  return (
    <section class="view" aria-labelledby="view-title">
      <header class="view-head">
        <h1 id="view-title">Apps</h1>
        <p class="muted">
          {opener?.origin.value ? `Told by ${opener.origin.value}` : 'XState apps outside of this engine'}
        </p>
      </header>
      {rows.length === 0 ? (
        <NoApps />
      ) : (
        <section class="pane list-pane" aria-label="Apps">
          <table class="dense">
            <thead>
              <tr>
                <th scope="col">App</th>
                <th scope="col">Status</th>
                <th scope="col" class="number">
                  Actors
                </th>
                <th scope="col" class="number">
                  Events
                </th>
                <th scope="col" class="number">
                  Last
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.id}>
                  <th scope="row">
                    <a href={hrefOf({ view: 'app', id: row.id, moment: 'live', query: {} })}>{row.name}</a>{' '}
                    <span class="muted mono">{row.id}</span>
                  </th>
                  <td>
                    {row.status} {!row.connected && <span class="badge">gone</span>}
                  </td>
                  <td class="number">{formatCount(row.actors)}</td>
                  <td class="number">{formatCount(row.seen)}</td>
                  <td class="number">{formatAgo(now - row.lastActivityAt)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}

function NoApps() {
  const { live } = useApp();
  if (!live)
    return (
      <div class="empty">
        <strong>Waiting for the app that opened this page</strong>
        Its actors appear when it inspects them:
        <pre class="code">{`const { inspect } = createBrowserInspector({ url: '${location.href.split('#')[0]}' });
createActor(machine, { inspect }).start();`}</pre>
      </div>
    );
  return (
    <div class="empty">
      <strong>No other XState app is connected</strong>
      Any XState v5 app shows up here with one line of <code>@statelyai/inspect</code>. In a page:
      <pre class="code">{`createBrowserInspector({ url: '${location.origin}/window' })`}</pre>
      In Node, with the address that <code>inspector.feedUrl</code> says:
      <pre class="code">createWebSocketInspector({'{ url: feedUrl }'})</pre>
    </div>
  );
}
