import { describe, expect, it } from 'vitest';
import type { ViewerMessage } from '../../../src/inspect/index.ts';
import { Requests } from '../../../visualizations/inspector/src/live/requests.ts';

function line(isUp = true) {
  const sent: ViewerMessage[] = [];
  const requests = new Requests((message) => {
    if (isUp) sent.push(message);
    return isUp;
  });
  return { requests, sent };
}

describe('a request', () => {
  it('gets the answer with its number, whatever the order', async () => {
    const { requests, sent } = line();
    const saved = requests.act({ do: 'save', sessionId: 'a' });
    const recorded = requests.record(true);
    expect(sent).toEqual([
      { type: 'act', request: 1, action: { do: 'save', sessionId: 'a' } },
      { type: 'record', request: 2, on: true },
    ]);
    requests.receive({ type: 'answer', request: 2, ok: true });
    requests.receive({ type: 'answer', request: 1, ok: true, value: { id: 'a' } });
    expect(await Promise.all([saved, recorded])).toEqual([{ id: 'a' }, undefined]);
  });

  it('is refused with the code of the engine', async () => {
    const { requests } = line();
    const asked = requests.act({ do: 'kill', sessionId: 'a' });
    requests.receive({
      type: 'answer',
      request: 1,
      ok: false,
      error: { code: 'SESSION_NOT_FOUND', message: 'There is no session "a".' },
    });
    await expect(asked).rejects.toMatchObject({
      code: 'SESSION_NOT_FOUND',
      message: 'There is no session "a".',
    });
  });

  it('is refused at once while there is no line', async () => {
    await expect(line(false).requests.record(true)).rejects.toMatchObject({ code: 'LOST' });
  });

  it('whose line breaks says that nobody knows', async () => {
    const { requests } = line();
    const asked = requests.act({ do: 'kill', sessionId: 'a' });
    requests.lose();
    await expect(asked).rejects.toThrow('It may have been done');
    // An answer after that, and one to nothing, are passed over.
    requests.receive({ type: 'answer', request: 1, ok: true });
    requests.receive({ type: 'answer', request: 99, ok: false });
  });
});
