import type { WebSocketServer } from 'ws';

/** The peer dependency, or an error that says what to do about it. */
export async function loadWebSocketServer(
  load: () => Promise<{ WebSocketServer: typeof WebSocketServer }> = () => import('ws'),
): Promise<typeof WebSocketServer> {
  try {
    return (await load()).WebSocketServer;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error('The inspector wants ws, which is not installed: npm install ws', { cause: error });
  }
}
