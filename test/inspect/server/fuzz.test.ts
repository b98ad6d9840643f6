import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bare, serve, TOKEN } from './stage.ts';

const mostly = (usual: string, ...others: string[]) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );

/** A handshake of a viewer, or something near. */
const handshake = (port: number) =>
  fc
    .record({
      method: mostly('GET', 'POST', 'get', ''),
      path: mostly('/socket', '/stately?token=a', '/', '//', `/${'a'.repeat(9000)}`),
      host: mostly(`127.0.0.1:${port}`, 'evil.example', '', '[::1', '\u0000'),
      upgrade: mostly('websocket', 'WebSocket', 'h2c', ''),
      key: mostly('dGhlIHNhbXBsZSBub25jZQ==', 'x', ''),
      version: mostly('13', '8', '-1', ''),
      protocol: mostly(
        `chartroom-inspector.v1, token.${TOKEN}`,
        `chartroom-inspector.v2, token.${TOKEN}`,
        ', ,',
        'token.',
        '\t"',
      ),
    })
    .map(
      ({ method, path, host, upgrade, key, version, protocol }) =>
        `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: ${upgrade}\r\n` +
        `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: ${version}\r\nSec-WebSocket-Protocol: ${protocol}\r\n\r\n`,
    );

/** What may follow: bytes, and frames that are nearly right. */
const frame = fc.oneof(
  fc.uint8Array({ maxLength: 64 }),
  fc
    .record({ head: fc.nat(255), length: fc.nat(255), rest: fc.uint8Array({ maxLength: 80 }) })
    .map(({ head, length, rest }) => Uint8Array.from([head, length, ...rest])),
  fc.json().map((text) => {
    const payload = Buffer.from(text).subarray(0, 125);
    // Masked with zeros, which leaves it as it is.
    return Uint8Array.from([0x81, 0x80 | payload.length, 0, 0, 0, 0, ...payload]);
  }),
);

describe('the server', () => {
  it('survives whatever is sent to it, and serves the next viewer', { timeout: 120_000 }, async () => {
    const { port, dial, channels, left } = await serve();
    let upgraded = 0;
    await fc.assert(
      fc.asyncProperty(handshake(port), fc.array(frame, { maxLength: 8 }), async (head, frames) => {
        const { socket, ended } = bare(port, head);
        await Promise.race([once(socket, 'data'), ended]);
        for (const each of frames) socket.write(each);
        socket.end();
        const answer = await ended;
        expect(answer).toMatch(/^HTTP\/1\.1 (101|200|400|401|403|404|405|426|431) |^$/);
        if (answer.startsWith('HTTP/1.1 101')) upgraded += 1;
        expect(answer).not.toContain(TOKEN);
      }),
      { seed: 2026, numRuns: 300 },
    );
    expect(upgraded).toBeGreaterThan(100);
    expect(left.viewers).toBe(channels.length);
    expect(await dial().received(1)).toHaveLength(1);
  });
});
