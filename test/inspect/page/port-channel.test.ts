import { afterEach, describe, expect, it } from 'vitest';
import { PortChannel, type Viewed } from '../../../src/inspect/page/port-channel.ts';
import type { InspectorMessage, ViewerChannel } from '../../../src/inspect/protocol.ts';
import { until } from '../../support/turns.ts';

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

/** A line with somebody at either end who keeps what comes. */
function line({
  layout = async () => 'elk',
  connect,
}: {
  layout?: () => Promise<string>;
  connect?: Viewed['connect'];
} = {}) {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const heard: unknown[] = [];
  port2.onmessage = ({ data }) => heard.push(data);
  const received: unknown[] = [];
  const calls = { closed: 0, ticks: 0 };
  const viewed: Viewed = {
    connect: () => ({ receive: (message) => received.push(message), close: () => void calls.closed++ }),
  };
  const services = { layout, tick: () => void calls.ticks++ };
  const channel = PortChannel.attach(port1, connect ? { connect } : viewed, services);
  return { channel, viewer: port2, heard, received, calls };
}

const refused = (message: string): InspectorMessage => ({ type: 'refused', message });
const MANY = 'x'.repeat(1024 * 1024);

describe('a line to a viewer in the page', () => {
  it('carries messages as texts, both ways', async () => {
    const { channel, viewer, heard, received } = line();
    expect(channel.send(refused('no'))).toBe(true);
    viewer.postMessage('{"type":"leave"}');
    await until(() => heard.length + received.length === 2);
    expect(heard).toEqual(['{"type":"refused","message":"no"}']);
    expect(received).toEqual(['{"type":"leave"}']);
  });

  it('takes no more than a viewer works off, and goes on when it has', async () => {
    const { channel, viewer, heard } = line();
    expect(channel.send(refused(MANY))).toBe(true);
    expect(channel.send(refused('more'))).toBe(false);
    await until(() => heard.length === 1);
    expect(channel.send(refused('more'))).toBe(false);
    viewer.postMessage({ line: 'read', characters: (heard[0] as string).length });
    await until(() => channel.send(refused('more')));
    await until(() => heard.length === 2);
  });

  it.each([Number.NaN, -1e9, 'many', undefined, {}])(
    'is not talked into more by a viewer that says it has read %s',
    async (characters) => {
      const { channel, viewer, calls } = line();
      channel.send(refused(MANY));
      viewer.postMessage({ line: 'read', characters });
      viewer.postMessage({ line: 'tick' });
      await until(() => calls.ticks === 1);
      expect(channel.send(refused('more'))).toBe(false);
    },
  );

  it('passes over what is no message', async () => {
    const { viewer, received, calls } = line();
    for (const nonsense of [null, 7, [], { line: 'unheard-of' }, { line: null }])
      viewer.postMessage(nonsense);
    viewer.postMessage({ line: 'tick' });
    await until(() => calls.ticks === 1);
    expect(received).toEqual([]);
  });

  it('gives the layout engine when it is asked for, or the reason why there is none', async () => {
    const first = line();
    first.viewer.postMessage({ line: 'layout' });
    await until(() => first.heard.length === 1);
    expect(first.heard).toEqual([{ line: 'layout', program: 'elk' }]);
    const second = line({ layout: () => Promise.reject(new Error('404')) });
    second.viewer.postMessage({ line: 'layout' });
    await until(() => second.heard.length === 1);
    expect(second.heard).toEqual([{ line: 'layout', problem: '404' }]);
  });

  it('lets go of the viewer that says goodbye, and is not used any more', async () => {
    const { channel, viewer, received, calls } = line();
    viewer.postMessage({ line: 'end' });
    viewer.postMessage('too late');
    await until(() => calls.closed === 1);
    expect(channel.send(refused('no'))).toBe(false);
    expect(received).toEqual([]);
  });

  it('lets go of a viewer that is gone without a word, where it hears of that', async () => {
    const { viewer, calls } = line();
    viewer.close();
    await until(() => calls.closed === 1);
  });

  it('tells the viewer why it ends, after all that was said before, and ends once', async () => {
    const { channel, heard, calls } = line();
    channel.send(refused('last'));
    channel.close('enough');
    channel.close('again');
    await until(() => heard.length === 2);
    expect(heard).toEqual(['{"type":"refused","message":"last"}', { line: 'end', reason: 'enough' }]);
    expect(calls.closed).toBe(1);
  });

  it('that is refused at once is let go of as well', async () => {
    let closed = 0;
    const { heard } = line({
      connect(channel: ViewerChannel) {
        channel.send({ type: 'closed', message: 'The manager is closed.' });
        channel.close('The manager is closed.');
        return { receive: () => {}, close: () => void closed++ };
      },
    });
    await until(() => heard.length === 2);
    expect(closed).toBe(1);
  });
});
