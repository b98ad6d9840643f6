import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartKey, chartOf, isDiagramError, layOut } from '../diagram/index.ts';
import { bundleFolder } from '../inspect/server/index.ts';
import { viewerHtml } from '../inspect/viewer-html.ts';
import { parseTrace, type Trace } from '../testing/trace.ts';
import { UsageError } from './arguments.ts';
import { checkFree, FileError, readText, writeWhole } from './files.ts';
import type { Surroundings } from './surroundings.ts';
import { printable } from './text.ts';

export function readTrace(file: string): Trace {
  const text = readText(file);
  try {
    return parseTrace(text);
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
}

/** Writes a trace as one page that holds all that it needs. `folder`: of the built web app. */
export async function writeTracePage(
  file: string,
  output: string,
  force: boolean,
  { stdout, stderr }: Surroundings,
  folder = bundleFolder(),
): Promise<void> {
  const trace = readTrace(file);
  checkFree(output, force);
  const drawings: Record<string, object> = {};
  for (const [name, definition] of Object.entries(trace.definitions)) {
    try {
      const chart = chartOf(definition);
      drawings[chartKey(chart)] = await layOut(chart);
    } catch (error) {
      if (!isDiagramError(error)) throw error;
      stderr.write(`chartroom inspect: ${printable(`${name} is shown as an outline: ${error.message}`)}\n`);
    }
  }
  writeWhole(output, viewerHtml(template(folder), { trace, drawings }), { force });
  stdout.write(`Wrote ${output}: it opens in any browser, without a network.\n`);
}

function template(folder: string): string {
  try {
    return readFileSync(join(folder, 'viewer.html'), 'utf8');
  } catch (error) {
    throw new FileError(
      `The viewer is not in ${folder}; in the repository of chartroom, build it: npm run build`,
      { cause: error },
    );
  }
}
