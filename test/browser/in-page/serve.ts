/** Serves the page beside this. Its scripts are bundled once; what a policy says is up to each address. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build, type Rollup } from 'vite';
import { ensureInspector } from '../../../scripts/ensure-inspector.ts';

const APP = fileURLToPath(new URL('./app.ts', import.meta.url));
const PAGE =
  '<!doctype html><html lang="en"><title>Rooms</title><script type="module" src="/app.js"></script></html>';

export interface ServedRooms extends AsyncDisposable {
  readonly origin: string;
  /** By their names: `app.js`, and what it loads later. */
  readonly files: ReadonlyMap<string, string>;
  addressOf(query?: string): string;
}

/** `?csp=…` is sent as the policy of the page. */
export async function serveRooms(): Promise<ServedRooms> {
  await ensureInspector();
  const files = await bundle();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://page');
    const script = files.get(pathname.slice(1));
    response.setHeader('content-type', script ? 'text/javascript' : 'text/html; charset=utf-8');
    const policy = searchParams.get('csp');
    if (policy) response.setHeader('content-security-policy', policy);
    if (searchParams.has('isolated')) {
      response.setHeader('cross-origin-opener-policy', 'same-origin');
      response.setHeader('cross-origin-embedder-policy', 'require-corp');
    }
    if (!script && pathname !== '/') response.statusCode = 404;
    response.end(script ?? (pathname === '/' ? PAGE : ''));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    files,
    addressOf: (query = '') => `${origin}/?${query}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bundle(): Promise<Map<string, string>> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      modulePreload: { polyfill: false },
      target: 'es2023',
      rolldownOptions: { input: APP, output: { entryFileNames: 'app.js', chunkFileNames: '[name].js' } },
      chunkSizeWarningLimit: 4000,
    },
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const [{ output }] = (Array.isArray(built) ? built : [built]) as [Rollup.RollupOutput];
  return new Map(
    output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file.code] as const] : [])),
  );
}
