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
  const { mkdir, readFile, writeFile } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const { join, resolve } = await import('node:path');
  const into = resolve(folder ?? join(tmpdir(), 'chartroom'));
  await mkdir(into, { recursive: true });
  const text = `${JSON.stringify(trace, null, 1)}\n`;
  for (let number = 1; ; number += 1) {
    const name = `${fileName(trace.subject)}-${trace.seed}${number === 1 ? '' : `-${number}`}`;
    const file = join(into, `${name}.trace.json`);
    try {
      await writeFile(file, text, { flag: 'wx' });
      return file;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const isSame = isOfSameRun(await readFile(file, 'utf8').catch(() => ''), trace);
      if (!isSame && number < MAX_NAMESAKES) continue;
      await writeFile(file, text);
      return file;
    }
  }
}

/** Other failures of the same name and seed that are left as they are. */
const MAX_NAMESAKES = 100;

function isOfSameRun(text: string, { subject, run }: Trace): boolean {
  try {
    const found = JSON.parse(text) as Trace;
    return found.subject === subject && JSON.stringify(found.run) === JSON.stringify(run);
  } catch {
    return false;
  }
}

function hasFiles(): boolean {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  return process?.versions?.node !== undefined;
}

function fileName(subject: string): string {
  const plain = subject.replace(/[^\w-]+/g, '-').replace(/^-+|-+$/g, '');
  return plain.slice(0, 80) || 'run';
}
