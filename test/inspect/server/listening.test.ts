import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { listen } from '../../../src/inspect/server/listening.ts';
import { failureOf } from '../../support/errors.ts';

const servers: Server[] = [];
const warnings: string[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});
async function listening(place: { port?: number; host?: string; tries?: number }) {
  const server = createServer();
  await listen(server, { host: '127.0.0.1', port: 0, tries: 1, ...place }, (message) =>
    warnings.push(message),
  );
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

describe('a server', () => {
  it('listens where it was told to', async () => {
    const port = await listening({});
    expect(port).toBeGreaterThan(0);
  });

  it('goes on to the next port when one is taken, as often as it may', async () => {
    const taken = await listening({});
    expect(await listening({ port: taken, tries: 10 })).toBeGreaterThan(taken);
  });

  it('says that a port is taken', async () => {
    const taken = await listening({});
    const error = await failureOf(listening({ port: taken }));
    expect([error.code, error.details?.path]).toEqual(['INVALID_ARGUMENT', 'options.port']);
    expect(error.message).toContain(`${taken} is taken by other programs; give another one`);
    const next = await listening({ port: taken, tries: 10 });
    expect(next).toBeGreaterThan(taken);
  });

  it('says that an address is not of this machine', async () => {
    for (const host of ['192.0.2.1', 'no-such-host.invalid']) {
      const error = await failureOf(listening({ host }));
      expect([error.code, error.details?.path]).toEqual(['INVALID_ARGUMENT', 'options.host']);
      expect(error.message).toContain(JSON.stringify(host));
    }
  });

  it('says that a port is not for this user', async () => {
    const server = createServer();
    server.listen = (() => {
      queueMicrotask(() => server.emit('error', Object.assign(new Error('no'), { code: 'EACCES' })));
      return server;
    }) as typeof server.listen;
    const listened = listen(server, { host: '127.0.0.1', port: 80, tries: 1 }, () => {});
    expect((await failureOf(listened)).message).toContain('options.port: 80 is not given');
  });

  it('outlives a connection that it cannot take, and says so', async () => {
    await listening({});
    servers[0]?.emit('error', new Error('accept EMFILE'));
    expect(warnings).toEqual(['The inspector took no connection: accept EMFILE.']);
  });

  it('throws what it does not know as it came', async () => {
    await expect(listening({ port: 65_536 })).rejects.toThrow(RangeError);
  });
});
