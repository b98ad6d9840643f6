import { expect, it } from 'vitest';
import { contextPart } from '../../src/bindings/context-part.ts';
import { eventAt, fakeClient } from '../support/fake-client.ts';
import { turns } from '../support/turns.ts';
import { look } from '../support/watching.ts';

it('is asked for while somebody looks, and when an event says that it has changed', async () => {
  const asked: unknown[] = [];
  const life: string[] = [];
  let answer = async (): Promise<unknown> => ({ fileIndex: { a: { lines: 1 } } });
  const { client } = fakeClient({
    build: (id, include) => {
      asked.push([id, ...include]);
      return answer();
    },
  });
  const part = contextPart(client, 'ada', 'fileIndex', {
    start: () => life.push('start'),
    stop: () => life.push('stop'),
  });
  part.resync();
  part.receive(eventAt(1, 'context_updated', { filesChanged: [] }));
  await turns();
  expect(asked).toEqual([]);
  const seen = look(part.cell);
  await turns();
  expect(seen.now).toEqual({ status: 'ready', value: { a: { lines: 1 } }, error: undefined });
  const before = seen.now;
  part.receive(eventAt(2, 'file_added', { path: 'b' }));
  await turns();
  expect(asked).toHaveLength(1);
  for (const type of ['context_updated', 'file_removed', 'session_created'] as const) {
    part.receive(eventAt(3, type));
    await turns();
  }
  expect(asked).toEqual(Array.from({ length: 4 }, () => ['ada', 'fileIndex']));
  expect(seen.now).toBe(before);
  answer = async () => {
    throw new Error('no');
  };
  part.resync();
  await turns();
  expect(seen.now).toMatchObject({
    status: 'error',
    value: { a: { lines: 1 } },
    error: { sessionId: 'ada' },
  });
  seen.stop();
  await turns();
  expect(life).toEqual(['start', 'stop']);
});

it('that could not be had is asked for again with the next event, whatever that is', async () => {
  let isBroken = true;
  const { client } = fakeClient({
    build: async () => {
      if (isBroken) throw new Error('the line is cut');
      return { files: [{ path: 'a', addedAt: '' }] };
    },
  });
  const part = contextPart(client, 'ada', 'files', { start: () => {}, stop: () => {} });
  const seen = look(part.cell);
  await turns();
  expect(seen.now.error?.code).toBe('CONNECTION_LOST');
  isBroken = false;
  part.receive(eventAt(1, 'conversation_added'));
  await turns();
  expect(seen.now).toMatchObject({ status: 'ready', value: [{ path: 'a' }] });
});
