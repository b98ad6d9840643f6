/**
 * `npm run diagrams`: draws every machine of this package into visualizations/diagrams. A test compares what is there
 * with what this would write.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AnyStateMachine } from 'xstate';
import { managerMachine, sessionMachine } from '../machines/index.ts';
import { librarian } from '../src/agents/librarian.ts';
import { chartOf, drawSvg, layOut, toMermaid } from '../src/diagram/index.ts';

/** By the name of their files. */
export const machines: Readonly<
  Record<string, { readonly machine: AnyStateMachine; readonly title: string }>
> = {
  session: { machine: sessionMachine, title: 'The life of a session' },
  manager: { machine: managerMachine, title: 'The life of a session manager' },
  librarian: { machine: librarian as unknown as AnyStateMachine, title: 'The librarian, an agent' },
};

export const diagramsFolder = fileURLToPath(new URL('../visualizations/diagrams/', import.meta.url));

/** What is to be in the folder: text by file name. */
export async function drawMachines(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const [name, { machine, title }] of Object.entries(machines)) {
    const chart = chartOf(machine);
    const drawing = await layOut(chart);
    for (const theme of ['light', 'dark'] as const)
      files.set(`${name}.${theme}.svg`, drawSvg(chart, drawing, { theme, title }));
    files.set(`${name}.mmd`, toMermaid(chart));
  }
  return files;
}

if (import.meta.main) {
  mkdirSync(diagramsFolder, { recursive: true });
  for (const [name, text] of await drawMachines()) {
    writeFileSync(`${diagramsFolder}${name}`, text);
    console.log(`${name} (${text.length.toLocaleString('en')} characters)`);
  }
}
