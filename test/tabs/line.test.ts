import { describe, expect, it } from 'vitest';
import { isEnvelope, lineOver } from '../../src/tabs/line.ts';
import type { Channel } from '../../src/tabs/platform.ts';
import { PROTOCOL_VERSION } from '../../src/wire/protocol.ts';

function setUp() {
  const posted: unknown[] = [];
  const channel: Channel = { post: (message) => posted.push(message), onMessage: undefined, close() {} };
  const line = lineOver(channel, 'e1');
  const heard: unknown[] = [];
  line.onMessage = (message) => heard.push(message);
  return { posted, line, heard };
}
const chartroom = PROTOCOL_VERSION;
const kind = 'line' as const;

describe('the line of an epoch', () => {
  it('stamps what it posts with its epoch; the greeting has no message', () => {
    const { line, posted } = setUp();
    line.greet();
    line.post({ n: 1 });
    expect(posted).toEqual([
      { chartroom, kind, epoch: 'e1' },
      { chartroom, kind, epoch: 'e1', message: { n: 1 } },
    ]);
  });

  it('hears what is of its epoch, and no late word of an earlier one', () => {
    const { line, heard } = setUp();
    line.receive({ chartroom, kind, epoch: 'e1', message: 1 });
    line.receive({ chartroom, kind, epoch: 'e0', message: 2 });
    line.receive({ chartroom, kind, epoch: 'e1' });
    expect(heard).toEqual([1]);
  });

  it.each([
    null,
    'x',
    {},
    { kind, epoch: 'e1' },
    { chartroom: 99, kind, epoch: 'e1' },
    { chartroom, kind, epoch: 1 },
    { chartroom, kind: 'owner', epoch: 'e1' },
  ])('is not made of %j', (data) => {
    expect(isEnvelope(data)).toBe(false);
  });
});
