import { defineConfig } from 'tsdown';
import { distName, subpaths } from './scripts/subpaths.ts';

export default defineConfig({
  entry: Object.fromEntries(Object.entries(subpaths).map(([subpath, source]) => [distName(subpath), source])),
  tsconfig: 'tsconfig.build.json',
  format: 'esm',
  platform: 'neutral',
  target: 'es2023',
  dts: { generator: 'tsgo' },
  sourcemap: true,
  minify: false,
  fixedExtension: false,
});
