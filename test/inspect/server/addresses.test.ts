import { describe, expect, it } from 'vitest';
import { inUrl, isLoopback, namesOf, reachedAt } from '../../../src/inspect/server/addresses.ts';

describe('an address', () => {
  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('%s is of this machine alone', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each([
    '0.0.0.0',
    '::',
    '',
    '192.168.1.5',
    '10.0.0.1',
    'example.org',
    '127.evil.example',
    '127.0.0.1.nip.io',
  ])('%s is not', (host) => expect(isLoopback(host)).toBe(false));

  it('stands in a URL as it has to', () => {
    expect([inUrl('::1'), inUrl('127.0.0.1')]).toEqual(['[::1]', '127.0.0.1']);
    expect(['0.0.0.0', '::', '::1', '192.168.1.5'].map(reachedAt)).toEqual([
      '127.0.0.1',
      '127.0.0.1',
      '[::1]',
      '192.168.1.5',
    ]);
  });
});

describe('the names of a server', () => {
  const own = ['localhost', '127.0.0.1', '[::1]'];

  it('are those of this machine, and its own', () => {
    expect([...namesOf('127.0.0.1')]).toEqual(own);
    expect([...namesOf('Inspector.Local')]).toEqual([...own, 'inspector.local']);
    expect([...namesOf('fe80::1')]).toEqual([...own, '[fe80::1]']);
  });

  it.each(['0.0.0.0', '::'])('at %s are all addresses of the machine, and not that one', (host) => {
    const address = (text: string) => ({ address: text }) as never;
    const names = namesOf(host, {
      lo: [address('127.0.0.1')],
      gone: undefined,
      eth0: [address('192.168.1.5'), address('fe80::7%eth0')],
    });
    expect([...names]).toEqual([...own, '192.168.1.5', '[fe80::7]']);
  });
});
