/** What a browser is sent for a program: bundled, minified and split by esbuild, measured gzipped. */

import { gzipSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';

export interface Chunk {
  readonly name: string;
  readonly code: string;
  /** Gzipped. */
  readonly bytes: number;
  /** What is in it, with forward slashes: paths of files from the folder of the program. */
  readonly inputs: readonly string[];
  /** Packages that it imports because they are in no chunk. */
  readonly imports: readonly string[];
}

export interface Bundle {
  /** All that is loaded before the program runs. */
  readonly atOnce: readonly Chunk[];
  /** What is loaded only when somebody asks for it by `import()`. */
  readonly later: readonly Chunk[];
}

export interface BundleOptions {
  /** The folder from which the program finds its packages. */
  readonly folder: string;
  /** Packages to leave out. */
  readonly external?: readonly string[];
}

export async function bundle(
  program: string,
  { folder, external = ['xstate'] }: BundleOptions,
): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir: folder, sourcefile: 'program.js' },
    absWorkingDir: folder,
    outdir: 'out',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2023',
    external: [...external],
    // Otherwise one that lies above the folder could map packages to sources.
    tsconfigRaw: {},
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const outputs = new Map(Object.entries(metafile.outputs));
  const loaded = loadedAtOnce(outputs);
  const chunks = outputFiles.map(({ path, text }): Chunk => {
    const name = [...outputs.keys()].find((output) => path.replaceAll('\\', '/').endsWith(output)) ?? path;
    const { inputs = {}, imports = [] } = outputs.get(name) ?? {};
    return {
      name,
      code: text,
      bytes: gzipSync(text, { level: 9 }).byteLength,
      inputs: Object.keys(inputs).filter((input) => (inputs[input]?.bytesInOutput ?? 0) > 0),
      imports: [...new Set(imports.filter((each) => each.external).map((each) => each.path))],
    };
  });
  return {
    atOnce: chunks.filter(({ name }) => loaded.has(name)),
    later: chunks.filter(({ name }) => !loaded.has(name)),
  };
}

function loadedAtOnce(outputs: ReadonlyMap<string, Metafile['outputs'][string]>): Set<string> {
  const entry = [...outputs].find(([, { entryPoint }]) => entryPoint === 'program.js')?.[0];
  if (entry === undefined) throw new Error('The program is in no file of its bundle.');
  const loaded = new Set([entry]);
  for (const name of loaded)
    for (const { path, kind, external } of outputs.get(name)?.imports ?? [])
      if (kind === 'import-statement' && !external) loaded.add(path);
  return loaded;
}

/** Gzipped, of all together. */
export function bytesOf(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The page that the size of the main entry is measured by: the engine with its default store. */
export const ENGINE_PAGE =
  "import { createSessionManager } from 'chartroom';\nglobalThis.rooms = createSessionManager();\n";
