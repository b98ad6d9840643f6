import { once } from 'node:events';
import { createServer } from 'node:net';

/** This machine alone. */
export const HOST = '127.0.0.1';

/** Wrong place: somebody else is there. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';

  constructor(port: number, cause: unknown) {
    super(
      `Port ${port} is taken, perhaps by another workspace. End that, or choose another: npm run example -- --port ${port + 1}`,
      { cause },
    );
  }
}

/** Throws {@link PortTakenError}: better at once than after a build. */
export async function checkPort(port: number): Promise<void> {
  const probe = createServer().listen(port, HOST);
  try {
    await once(probe, 'listening');
  } catch (error) {
    throw asPortTaken(error, port);
  } finally {
    probe.close();
  }
}

/** What Node, and Vite, say of a port that is taken; any other error as it is. */
export function asPortTaken(error: unknown, port: number): unknown {
  const isTaken = error instanceof Error && /already in use|EADDRINUSE/.test(error.message);
  return isTaken ? new PortTakenError(port, error) : error;
}
