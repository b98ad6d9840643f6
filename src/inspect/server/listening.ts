import { once } from 'node:events';
import type { Server } from 'node:net';
import { SessionError } from '../../errors.ts';

export interface Place {
  readonly host: string;
  readonly port: number;
  /** How many ports from `port` on may be tried. */
  readonly tries: number;
}

/** A thousand pages that come back at once. */
const BACKLOG = 1024;

/**
 * Resolves once the server listens; says which option is wrong when it cannot. What fails later, as when the process
 * has too many files open to take another connection, is told to `warn`: unheard it would end the process.
 */
export async function listen(
  server: Server,
  { host, port, tries }: Place,
  warn: (message: string) => void,
): Promise<void> {
  for (let n = 0; ; n += 1) {
    try {
      server.listen({ host, port: port + n, backlog: BACKLOG });
      await once(server, 'listening');
      server.on('error', ({ message }) => warn(`The inspector took no connection: ${message}.`));
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE' && n + 1 < tries && port + n < 65_535) continue;
      throw refusal(error as NodeJS.ErrnoException, { host, port, tries });
    }
  }
}

function refusal(error: NodeJS.ErrnoException, { host, port, tries }: Place): Error {
  const say = (path: string, message: string) =>
    new SessionError('INVALID_ARGUMENT', `${path}: ${message}`, { details: { path }, cause: error });
  const range = tries > 1 ? `${port} to ${port + tries - 1} are` : `${port} is`;
  switch (error.code) {
    case 'EADDRINUSE':
      return say(
        'options.port',
        `${range} taken by other programs; give another one, or 0 for any that is free.`,
      );
    case 'EACCES':
      return say('options.port', `${port} is not given to programs of this user; give one above 1023.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return say('options.host', `${JSON.stringify(host)} is no address of this machine.`);
    default:
      return error;
  }
}
