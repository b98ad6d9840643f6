/** A page with one script, built from its source, on an origin of its own. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { afterAll, beforeAll } from 'vitest';
import { root } from './source-tree.ts';

export interface PageServer {
  readonly port: number;
  /** Of a secure context. */
  readonly url: string;
}

/** `entry` is a path from the root of the package. */
export async function servePage(entry: string): Promise<PageServer & AsyncDisposable> {
  const script = await bundled(entry);
  const server = createServer(({ url }, response) => {
    const [type, body] = url === '/page.js' ? ['text/javascript', script] : ['text/html', pageOf(url)];
    response.writeHead(200, { 'content-type': type, 'access-control-allow-origin': '*' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://localhost:${port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The same for the tests of one file, to be called at its top. */
export function usePageServer(entry: string): PageServer {
  let served: Awaited<ReturnType<typeof servePage>>;
  beforeAll(async () => {
    served = await servePage(entry);
  });
  afterAll(() => served?.[Symbol.asyncDispose]());
  return {
    get port() {
      return served.port;
    },
    get url() {
      return served.url;
    },
  };
}

/** `/bare` has no script, `/framed` has the page in a sandboxed frame. */
function pageOf(url: string | undefined): string {
  const head = '<!doctype html><meta charset="utf-8"><title>rooms</title><link rel="icon" href="data:,">';
  if (url === '/bare') return head;
  if (url === '/framed') return `${head}<iframe sandbox="allow-scripts" src="/"></iframe>`;
  return `${head}<script type="module" src="/page.js" crossorigin></script>`;
}

async function bundled(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`${root}${entry}`],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
  });
  return outputFiles[0]?.text ?? '';
}
