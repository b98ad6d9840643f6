import { svelte } from '@sveltejs/vite-plugin-svelte';
import vue from '@vitejs/plugin-vue';
import { playwright } from '@vitest/browser-playwright';
import solid from 'vite-plugin-solid';
import { defineConfig } from 'vitest/config';
import { sourceAliases } from './scripts/subpaths.ts';
import { chromiumLaunch } from './test/support/chromium.ts';
import { writeDocumented } from './test/support/documented.ts';
import { inPages } from './test/support/in-pages.ts';
import { sourceFiles } from './test/support/source-tree.ts';

/** Pages of the documentation whose first example is run in a page. */
for (const page of ['react', 'vue', 'svelte', 'solid']) writeDocumented(page);

// Tests that run inside a page of a real Chromium; those in `test/browser` drive one from outside.
export default defineConfig(async () => ({
  plugins: [
    vue(),
    svelte({ configFile: false, compilerOptions: { runes: true } }),
    // The other JSX here is React's.
    solid({ include: /\/solid\/.*\.tsx$/ }),
  ],
  resolve: { alias: sourceAliases },
  cacheDir: '.cache/vite-browser',
  test: {
    // A page is none of these; without a word the plugin of Solid wants one that is not installed.
    environment: 'node',
    include: ['test/**/*.browser.test.{ts,tsx}'],
    testTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    coverage: {
      provider: 'v8' as const,
      include: inPages,
      exclude: sourceFiles('src/**/*.ts')
        .filter(({ typesOnly, listOnly }) => typesOnly || listOnly)
        .map(({ path }) => path),
      reporter: ['text', 'html'],
      reportsDirectory: 'coverage/pages',
      thresholds: { branches: 90 },
    },
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: await chromiumLaunch() }),
      instances: [{ browser: 'chromium' as const }],
    },
  },
}));
