/** A page made of an installed package, by each of the tools that people make pages with, and by none. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import * as esbuild from 'esbuild';
import { createServer as createVite, build as viteBuild } from 'vite';
import webpack from 'webpack';

export interface BuiltPage extends AsyncDisposable {
  readonly url: string;
}

interface Source {
  /** Where the package is installed; pages are built in folders in it. */
  readonly project: string;
  /** What the page runs. */
  readonly program: string;
}

const IMPORT_MAP = {
  chartroom: '/node_modules/chartroom/dist/index.js',
  'chartroom/inspect/page': '/node_modules/chartroom/dist/inspect/page.js',
  valibot: '/node_modules/valibot/dist/index.mjs',
  xstate: '/node_modules/xstate/dist/xstate.esm.js',
};

const html = (script: string, head = '') =>
  `<!doctype html><html lang="en"><head><title>Built</title>${head}</head><body><script type="module" src="${script}"></script></body></html>\n`;

function lay({ project, program }: Source, name: string, head = ''): { folder: string; entry: string } {
  const folder = join(project, name);
  mkdirSync(folder, { recursive: true });
  const entry = join(folder, 'main.js');
  writeFileSync(entry, program);
  writeFileSync(join(folder, 'index.html'), html('./main.js', head));
  return { folder, entry };
}

/** By name: the page, served. */
export const pageBuilds = {
  async vite(source: Source): Promise<BuiltPage> {
    const { folder } = lay(source, 'by-vite');
    await viteBuild({
      root: folder,
      configFile: false,
      logLevel: 'error',
      build: { target: 'es2023', chunkSizeWarningLimit: 4000 },
    });
    return served(join(folder, 'dist'));
  },

  async 'vite, while it is developed'(source: Source): Promise<BuiltPage> {
    const { folder } = lay(source, 'by-vite-dev');
    const server = await createVite({
      root: folder,
      configFile: false,
      logLevel: 'error',
      cacheDir: join(folder, '.vite'),
      server: { host: '127.0.0.1', port: 0, watch: null },
    });
    await server.listen();
    const [url = ''] = server.resolvedUrls?.local ?? [];
    return { url, [Symbol.asyncDispose]: () => server.close() };
  },

  async webpack(source: Source): Promise<BuiltPage> {
    const { folder, entry } = lay(source, 'by-webpack');
    const path = join(folder, 'dist');
    const compiler = webpack({
      mode: 'production',
      context: folder,
      entry,
      output: { path, filename: 'main.js', publicPath: '/' },
      performance: false,
      // Terser takes its time for what is a text, and leaves it as it is.
      optimization: { minimize: false },
    });
    await new Promise<void>((resolve, reject) =>
      compiler?.run((error, stats) => {
        if (error || stats?.hasErrors()) reject(error ?? new Error(stats?.toString('errors-only')));
        else compiler.close(() => resolve());
      }),
    );
    writeFileSync(join(path, 'index.html'), html('/main.js'));
    return served(path);
  },

  async esbuild(source: Source): Promise<BuiltPage> {
    const { folder, entry } = lay(source, 'by-esbuild');
    const outdir = join(folder, 'dist');
    await esbuild.build({
      entryPoints: [entry],
      bundle: true,
      format: 'esm',
      splitting: true,
      minify: true,
      target: 'es2023',
      outdir,
      logLevel: 'error',
    });
    writeFileSync(join(outdir, 'index.html'), html('/main.js'));
    return served(outdir);
  },

  async 'no bundler, by an import map'(source: Source): Promise<BuiltPage> {
    lay(source, '.', `<script type="importmap">${JSON.stringify({ imports: IMPORT_MAP })}</script>`);
    return served(source.project);
  },
};

/** A folder on a port of its own, as any web server would give it. */
export async function served(folder: string): Promise<BuiltPage> {
  const server: Server = createServer(({ url = '/' }, response) => {
    const path = normalize(url === '/' ? '/index.html' : (url.split('?', 1)[0] ?? ''));
    response.setHeader(
      'content-type',
      path.endsWith('.html') ? 'text/html; charset=utf-8' : 'text/javascript',
    );
    try {
      response.end(readFileSync(join(folder, path)));
    } catch {
      response.writeHead(path === '/favicon.ico' ? 204 : 404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
