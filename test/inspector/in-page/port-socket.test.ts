import { afterEach, describe, expect, it } from 'vitest';
import { PortSocket } from '../../../visualizations/inspector/src/in-page/port-socket.ts';
import { until } from '../../support/turns.ts';

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

function line() {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const atPage: unknown[] = [];
  port2.onmessage = ({ data }) => atPage.push(data);
  const socket = new PortSocket(port1);
  const given: unknown[] = [];
  const closed: unknown[] = [];
  socket.onmessage = ({ data }) => given.push(data);
  socket.onclose = ({ code, reason }) => closed.push([code, reason]);
  return { socket, page: port2, atPage, given, closed };
}

describe('the socket of a page', () => {
  it('gives texts on, and says what has been worked off when it has', async () => {
    const { page, atPage, given } = line();
    page.postMessage('{"type":"hello"}');
    await until(() => atPage.length === 1);
    expect(given).toEqual(['{"type":"hello"}']);
    expect(atPage).toEqual([{ line: 'read', characters: 16 }]);
  });

  it('sends texts, and ticks', async () => {
    const { socket, atPage } = line();
    socket.send('{}');
    socket.tick();
    await until(() => atPage.length === 2);
    expect(atPage).toEqual(['{}', { line: 'tick' }]);
  });

  it('is closed by the page, with its reason, and sends nothing any more', async () => {
    const { socket, page, atPage, closed } = line();
    page.postMessage({ line: 'end', reason: 'enough' });
    await until(() => closed.length === 1);
    socket.send('{}');
    socket.lose();
    socket.close();
    expect(closed).toEqual([[1000, 'enough']]);
    expect(atPage).toEqual([]);
  });

  it('says goodbye when it is closed by the app', async () => {
    const { socket, atPage, closed } = line();
    socket.close();
    await until(() => atPage.length === 1);
    expect(atPage).toEqual([{ line: 'end' }]);
    expect(closed).toEqual([]);
  });

  it('breaks when the page is gone without a word', async () => {
    const { page, closed } = line();
    page.close();
    await until(() => closed.length === 1);
    expect(closed).toEqual([[1006, '']]);
  });

  it('asks for the layout engine, which comes or does not', async () => {
    const { socket, page, atPage } = line();
    const [first, second] = [socket.layout(), socket.layout()];
    await until(() => atPage.length === 2);
    expect(atPage).toEqual([{ line: 'layout' }, { line: 'layout' }]);
    page.postMessage({ line: 'layout', program: 'elk' });
    page.postMessage({ line: 'layout', problem: '404' });
    expect(await first).toBe('elk');
    await expect(second).rejects.toThrow('404');
    const third = socket.layout();
    page.postMessage({ line: 'end' });
    await expect(third).rejects.toThrow('broke');
    await expect(socket.layout()).rejects.toThrow('no connection');
  });
});
