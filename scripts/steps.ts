import { spawnSync } from 'node:child_process';

/** A title, then a command line of a tool in node_modules/.bin. */
export type Step = readonly [title: string, command: string];

/** Runs the steps one after the other, saying what runs and how long it took; stops at the first that fails. */
export function runSteps(steps: readonly Step[], env: Record<string, string> = {}): void {
  const started = performance.now();
  for (const [index, [title, command]] of steps.entries()) {
    const name = `[${index + 1}/${steps.length}] ${title}`;
    console.log(`\n▸ ${name}\n  $ ${command}`);
    const stepStarted = performance.now();
    const { status, error } = spawnSync(command, {
      shell: true,
      stdio: 'inherit',
      env: { ...process.env, ...env },
    });
    if (status !== 0) {
      console.error(`\n✗ ${name} failed after ${since(stepStarted)}${error ? `: ${error.message}` : '.'}`);
      process.exit(status ?? 1);
    }
    console.log(`✓ ${title} (${since(stepStarted)})`);
  }
  console.log(`\n✓ all ${steps.length} steps in ${since(started)}`);
}

function since(started: number): string {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}
