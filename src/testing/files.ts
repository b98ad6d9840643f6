/** Where the traces of failures are written. In a page nothing is: the error holds its trace. */
import type { Trace } from './trace.ts';

/**
 * Writes a trace into `folder`, by default one among the system's temporary files, and resolves with its path;
 * with nothing where there are no files, or `folder` is `false`.
 */
export async function keepTrace(
  folder: string | false | undefined,
  trace: Trace,
): Promise<string | undefined> {
  if (folder === false || !hasFiles()) return undefined;
  const { mkdir, writeFile } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const { join, resolve } = await import('node:path');
  const into = resolve(folder ?? join(tmpdir(), 'chartroom'));
  await mkdir(into, { recursive: true });
  const file = join(into, `${fileName(trace.subject)}-${trace.seed}.trace.json`);
  await writeFile(file, `${JSON.stringify(trace, null, 1)}\n`);
  return file;
}

function hasFiles(): boolean {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  return process?.versions?.node !== undefined;
}

function fileName(subject: string): string {
  const plain = subject.replace(/[^\w-]+/g, '-').replace(/^-+|-+$/g, '');
  return plain.slice(0, 80) || 'run';
}
