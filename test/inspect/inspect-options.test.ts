import { describe, expect, it } from 'vitest';
import { isSessionError } from '../../src/errors.ts';
import { resolveInspectOptions } from '../../src/inspect/inspect-options.ts';

const resolve = (options?: object) => resolveInspectOptions(options as never);
function refusal(options: unknown) {
  try {
    resolveInspectOptions(options as never);
    return undefined;
  } catch (error) {
    return isSessionError(error) ? ([error.code, error.details?.path, error.message] as const) : error;
  }
}

describe('the options of an inspector', () => {
  it('are of this machine, read-only, with nobody else let in, by default', () => {
    const none = { host: '127.0.0.1', port: 0, allow: [], allowOrigin: [], redact: [], open: false };
    expect(resolve()).toEqual(none);
    expect(resolve({})).toEqual(none);
  });

  it('are taken', () => {
    const given = {
      host: '0.0.0.0',
      port: 4040,
      token: 'a_token-of-16chars',
      allow: ['send', 'create'],
      allowOrigin: ['http://localhost:5173'],
      redact: ['metadata.apiKey', '*.password'],
      open: true,
    };
    expect(resolve(given)).toEqual(given);
  });

  it.each([
    ['http://localhost:5173/', 'http://localhost:5173'],
    ['https://Example.org:443', 'https://example.org'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
    ['vscode-webview://abc123', 'vscode-webview://abc123'],
  ])('take the origin %s as a browser says it', (given, origin) => {
    expect(resolve({ allowOrigin: [given] }).allowOrigin).toEqual([origin]);
  });

  it.each([
    [{ host: '' }, 'options.host'],
    [{ host: 'http://127.0.0.1' }, 'options.host'],
    [{ host: 'a b' }, 'options.host'],
    [{ host: 1 }, 'options.host'],
    [{ port: -1 }, 'options.port'],
    [{ port: 65_536 }, 'options.port'],
    [{ port: 1.5 }, 'options.port'],
    [{ port: '4040' }, 'options.port'],
    [{ token: 'short' }, 'options.token'],
    [{ token: 'sixteen characters, with blanks' }, 'options.token'],
    [{ token: 16 }, 'options.token'],
    [{ allow: 'send' }, 'options.allow'],
    [{ allow: ['send', 'drop'] }, 'options.allow'],
    [{ allowOrigin: 'http://localhost' }, 'options.allowOrigin'],
    [{ allowOrigin: ['*'] }, 'options.allowOrigin[0]'],
    [{ allowOrigin: ['http://a.example', 'localhost:5173'] }, 'options.allowOrigin[1]'],
    [{ allowOrigin: ['http://a.example/path'] }, 'options.allowOrigin[0]'],
    [{ allowOrigin: ["http://a.example; script-src 'unsafe-inline'"] }, 'options.allowOrigin[0]'],
    [{ allowOrigin: ['http://a.example:99999'] }, 'options.allowOrigin[0]'],
    [{ allowOrigin: ['null'] }, 'options.allowOrigin[0]'],
    [{ allowOrigin: [null] }, 'options.allowOrigin[0]'],
    [{ redact: 'password' }, 'options.redact'],
    [{ redact: ['a..b'] }, 'options.redact[0]'],
    [{ open: 'yes' }, 'options.open'],
    [{ hots: '127.0.0.1' }, 'options.hots'],
    [null, 'options'],
    [[], 'options'],
  ])('%j are refused by name', (options, path) => {
    expect(refusal(options)).toEqual([
      'INVALID_ARGUMENT',
      path,
      expect.stringContaining(path.split('.').at(-1) ?? ''),
    ]);
  });

  it('tell a wrong token to nobody', () => {
    expect(JSON.stringify(refusal({ token: 'my secret' }))).not.toContain('secret');
    expect(JSON.stringify(refusal({ token: 'mysecret' }))).not.toContain('secret');
  });
});
