/** A site whose pages run what is bundled from a file of this folder. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export interface Site extends AsyncDisposable {
  readonly url: string;
}

/** `localhost` counts as secure, which Web Locks want. Pages may be kept in the back-forward cache. */
export async function serveSite(entry: URL): Promise<Site> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2023',
    logLevel: 'silent',
  });
  const script = outputFiles[0]?.text ?? '';
  const page =
    '<!doctype html><meta charset="utf-8"><title>tab</title><script type="module" src="/page.js"></script>';
  const server = createServer(({ url }, response) => {
    const isScript = url === '/page.js';
    const plain = url === '/elsewhere';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : plain ? '<!doctype html><title>elsewhere</title>' : page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
