/** Serves the app beside this on an origin of its own. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build, type Rollup } from 'vite';

const APP = fileURLToPath(new URL('./app.ts', import.meta.url));

export interface ServedApp extends AsyncDisposable {
  readonly origin: string;
  /** The page of the app, which tells `to` what happens: the address of a window, or of a WebSocket. */
  addressOf(to: string): string;
}

export async function serveApp(): Promise<ServedApp> {
  const script = await bundle();
  const server = createServer((request, response) => {
    const isScript = request.url?.startsWith('/app.js');
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
    response.end(
      isScript ? script : '<!doctype html><title>An app</title><script type="module" src="/app.js"></script>',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    addressOf: (to) => `${origin}/?to=${encodeURIComponent(to)}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, lib: { entry: APP, formats: ['es'] } },
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const [{ output }] = (Array.isArray(built) ? built : [built]) as [Rollup.RollupOutput];
  const [chunk] = output;
  return chunk.code;
}
