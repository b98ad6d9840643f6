/**
 * Builds the inspector's app when `dist/inspector` is missing or older than its sources: a fresh clone and a changed
 * line are served without a thought. A second or so, once.
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../', import.meta.url));
const built = join(repository, 'dist/inspector');

/** What the app is made of. Its tests, and the rest of the repository, are not. */
const SOURCES = ['visualizations/inspector', 'src', 'machines', 'package-lock.json'];

/** The folder of the app, which is up to date then. `say` is told before it takes its time. */
export async function ensureInspector(say: (line: string) => void = () => {}): Promise<string> {
  if (await isCurrent()) return built;
  say("Building the inspector's app…");
  const { buildInspector } = await import('../visualizations/inspector/build.ts');
  return buildInspector();
}

async function isCurrent(): Promise<boolean> {
  const made = await Promise.all(
    ['index.html', 'viewer.html', 'in-page/app.js'].map((file) => changedAt(join(built, file))),
  );
  if (made.includes(undefined)) return false;
  const oldest = Math.min(...made.map((at) => at ?? 0));
  const newest = await Promise.all(SOURCES.map((source) => newestIn(join(repository, source))));
  return Math.max(...newest) <= oldest;
}

/** Milliseconds since 1970 of the last change of a file, or of any file in a folder; 0 where there is none. */
async function newestIn(path: string): Promise<number> {
  const files = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  if (files.length === 0) return (await changedAt(path)) ?? 0;
  const times = files
    .filter((file) => file.isFile())
    .map((file) => changedAt(join(file.parentPath, file.name)));
  return Math.max(0, ...(await Promise.all(times)).map((at) => at ?? 0));
}

async function changedAt(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}

if (import.meta.main) await ensureInspector((line) => process.stderr.write(`${line}\n`));
