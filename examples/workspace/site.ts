import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import react from '@vitejs/plugin-react';
import vue from '@vitejs/plugin-vue';
import { build, type InlineConfig, preview } from 'vite';
import solid from 'vite-plugin-solid';
import { sourceAliases } from '../../scripts/subpaths.ts';
import { asPortTaken, HOST } from './port.ts';

/** The page of each framework. */
const PAGES = ['index.html', 'vue/index.html', 'svelte/index.html', 'solid/index.html'];

const here = fileURLToPath(new URL('.', import.meta.url));

const config = {
  configFile: false,
  logLevel: 'error',
  publicDir: false,
  plugins: [
    react({ include: /\/react\/.*\.tsx$/ }),
    solid({ include: /\/solid\/.*\.tsx$/ }),
    vue(),
    svelte({ configFile: false }),
  ],
  // In this repository `chartroom` is its own sources; in yours it is the package, and this is not needed.
  resolve: { alias: sourceAliases },
} satisfies InlineConfig;

/** Builds all pages into an empty folder: those of the workspace, or others that are made of its parts. */
export async function buildSite(out: string, root = here, pages: readonly string[] = PAGES): Promise<void> {
  await build({
    ...config,
    root,
    build: {
      outDir: out,
      emptyOutDir: true,
      target: 'es2023',
      rolldownOptions: { input: pages.map((page) => join(root, page)), external: /^node:/ },
    },
  });
}

export interface SiteServer {
  /** With a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves it to this machine alone. Port 0 is any that is free. Throws a `PortTakenError`. */
export async function serveSite(folder: string, port: number): Promise<SiteServer> {
  try {
    const server = await preview({
      root: here,
      configFile: false,
      logLevel: 'error',
      build: { outDir: folder },
      preview: { host: HOST, port, strictPort: true },
    });
    const [url = ''] = server.resolvedUrls?.local ?? [];
    return { url, close: () => server.close() };
  } catch (error) {
    throw asPortTaken(error, port);
  }
}
