/** Sources that run inside the pages of a real Chromium only, and are measured there: vitest.browser.config.ts. */
export const inPages = [
  'src/react/**/*.ts',
  'src/vue/**/*.ts',
  'src/svelte/**/*.ts',
  'src/solid/**/*.ts',
  'src/store/indexeddb.ts',
  'src/store/indexeddb/**/*.ts',
];
