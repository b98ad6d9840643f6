import { hrefOf } from '../route.ts';
import { isAppsWindow } from './address.ts';

/** A page that nobody tells anything: it was opened without what it needs. */
export function NoSource() {
  return (
    <section class="view" aria-labelledby="view-title">
      <header class="view-head">
        <h1 id="view-title">{isAppsWindow() ? 'Apps' : 'Inspector'}</h1>
      </header>
      {isAppsWindow() ? (
        <div class="empty">
          <strong>No app has opened this page</strong>
          An XState app opens it, and is then shown here:
          <pre class="code">{`createBrowserInspector({ url: '${location.origin}/window' })`}</pre>
        </div>
      ) : (
        <div class="empty">
          <strong>This page has no token</strong>
          Open the whole address that the program printed: it ends with <code>#token=…</code>. A{' '}
          <a href={hrefOf({ view: 'traces' })}>trace</a> can be opened without one.
        </div>
      )}
    </section>
  );
}
