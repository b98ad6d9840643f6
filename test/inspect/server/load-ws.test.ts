import { describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { loadWebSocketServer } from '../../../src/inspect/server/load-ws.ts';

const failing = (code: string) => async () => {
  throw Object.assign(new Error('no such thing'), { code });
};

describe('ws', () => {
  it('is loaded when it is there', async () => {
    expect(await loadWebSocketServer()).toBe(WebSocketServer);
  });

  it('that is not installed is asked for by the command that installs it', async () => {
    await expect(loadWebSocketServer(failing('ERR_MODULE_NOT_FOUND'))).rejects.toThrow(
      'The inspector wants ws, which is not installed: npm install ws',
    );
  });

  it('that fails otherwise says how', async () => {
    await expect(loadWebSocketServer(failing('EACCES'))).rejects.toThrow('no such thing');
  });
});
