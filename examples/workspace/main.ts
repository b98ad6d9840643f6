/** `npm run example`: builds the workspace and serves it, until Ctrl-C. */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { help, parseArguments, UsageError } from './arguments.ts';
import { checkPort, PortTakenError } from './port.ts';

const { stdout, stderr } = process;

async function main(): Promise<void> {
  const settings = parseArguments(process.argv.slice(2), process.env);
  if (settings.help) {
    stdout.write(help);
    return;
  }
  await checkPort(settings.port);
  // It brings Vite and four compilers, which nobody needs to be told that a port is taken.
  const { buildSite, serveSite } = await import('./site.ts');
  stdout.write('Building the workspace…\n');
  const folder = await mkdtemp(join(tmpdir(), 'chartroom-workspace-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await buildSite(folder);
  const server = await serveSite(folder, settings.port);
  stdout.write(`\nThe workspace:  ${server.url}\n`);
  for (const view of ['vue', 'svelte', 'solid']) stdout.write(`its heart:      ${server.url}${view}/\n`);
  stdout.write(`told slowly:    ${server.url}?pace=1000  (there is time to kill a session in mid-answer)\n`);
  stdout.write('\nCtrl-C ends it. The sessions stay in the browser.\n');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close());
}

try {
  await main();
} catch (error) {
  const isUsage = error instanceof UsageError;
  const isPlain = isUsage || error instanceof PortTakenError;
  stderr.write(`${isPlain ? error.message : `The example failed: ${failureText(error)}`}\n`);
  if (isUsage) stderr.write('Try: npm run example -- --help\n');
  process.exitCode = isUsage ? 2 : 1;
}

function failureText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
