/** One benchmark in this process, started by `main.ts`. */
import type { Benchmark } from './harness.ts';

const [name = '', folder, mode] = process.argv.slice(2);
// No other: what the others import is no memory of the engine.
const { [name]: benchmark }: Record<string, Benchmark> = await import(`./${name}.ts`);
if (!benchmark || !folder) throw new Error(`there is no benchmark ${name}, or no folder for it`);

const started = performance.now();
const say = (text: string): void => {
  console.log(`  ${((performance.now() - started) / 1000).toFixed(1)} s  ${text}`);
};
const rows = await benchmark.run({ quick: mode === '--quick', folder, say });
process.send?.({ benchmark: benchmark.name, rows }, () => process.exit(0));
