import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { openBrowser } from '../../../src/inspect/server/open-browser.ts';

function opening(platform: NodeJS.Platform, url: string) {
  const started: Array<readonly string[]> = [];
  const failures: string[] = [];
  const child = new EventEmitter();
  openBrowser(url, ({ message }) => failures.push(message), {
    platform,
    start(command, args) {
      started.push([command, ...args]);
      return child;
    },
  });
  return { started, failures, child };
}

describe('the browser', () => {
  it.each([
    ['linux', ['xdg-open']],
    ['freebsd', ['xdg-open']],
    ['darwin', ['open']],
    ['win32', ['rundll32', 'url.dll,FileProtocolHandler']],
  ] as const)('is opened on %s without a shell, the address being one argument', (platform, command) => {
    const url = 'http://127.0.0.1:4040/open/a;rm -rf $HOME&';
    expect(opening(platform, url).started).toEqual([[...command, url]]);
  });

  it('that cannot be opened is told, and throws nothing', () => {
    const { child, failures } = opening('linux', 'http://127.0.0.1/');
    child.emit('error', new Error('spawn xdg-open ENOENT'));
    expect(failures).toEqual(['spawn xdg-open ENOENT']);
  });

  it('that is not there is told by a real start too', async () => {
    const failed = new Promise<Error>((resolve) => {
      const path = process.env.PATH;
      process.env.PATH = '/nowhere';
      openBrowser('http://127.0.0.1/', resolve, { platform: 'linux' });
      process.env.PATH = path;
    });
    expect((await failed).message).toContain('ENOENT');
  });
});
