import { spawn } from 'node:child_process';

type Spawn = (
  command: string,
  args: readonly string[],
) => { on(name: 'error', on: (e: Error) => void): unknown };

/** Without a shell, to which an address could say more than where to go. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Opens an address in the browser of whoever sits here. That there is none is told, and no failure. */
export function openBrowser(
  url: string,
  failed: (error: Error) => void,
  { platform = process.platform, start = startDetached as Spawn } = {},
): void {
  const [command, ...args] = OPENERS[platform] ?? ['xdg-open'];
  start(command, [...args, url]).on('error', failed);
}

function startDetached(command: string, args: readonly string[]) {
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.unref();
  return child;
}
