import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/data.ts';
import { openLease } from '../../../src/store/sqlite/lease.ts';
import { codeOf } from '../../support/errors.ts';
import { anyFact } from '../../support/facts.ts';
import { InlineThread, requestFor } from './inline-thread.ts';
import { scratchFolder } from './scratch-folder.ts';
import { tamper } from './stage.ts';

const file = scratchFolder();
const seqsOf = async (facts: AsyncIterable<{ seq: number }>) => {
  const seqs: number[] = [];
  for await (const { seq } of facts) seqs.push(seq);
  return seqs;
};

describe('the lease', () => {
  it('is refused with the store’s reason, and then leaves no thread behind', async () => {
    const path = file();
    writeFileSync(path, 'no database');
    const thread = new InlineThread();
    let ended = false;
    thread.on('exit', () => {
      ended = true;
    });
    expect(await codeOf(openLease(thread, requestFor(path)))).toBe('STORE_CORRUPT');
    expect(ended).toBe(true);
  });

  it('takes what it is given as it is at the call', async () => {
    const lease = await openLease(new InlineThread(), requestFor(file()));
    const payload = { text: 'before' };
    const data: { [key: string]: string } = { text: 'before' };
    const appended = lease.append([{ ...anyFact(1), payload }]);
    const snapshot = lease.putSnapshot('a', { sessionSeq: 1, version: 1, data });
    const document = {
      id: 's',
      savedAt: '',
      messageCount: 0,
      metadata: {},
      version: 1,
      data: data as JsonObject,
    };
    const saved = lease.saved.put(document);
    payload.text = 'after';
    data.text = 'after';
    await Promise.all([appended, snapshot, saved]);
    const found = JSON.stringify([await seqsOf(lease.facts({ from: 0 })), await lease.load('a')]);
    expect(found).toContain('before');
    expect(found).not.toContain('after');
    for await (const fact of lease.facts({ from: 0 })) expect(fact.payload).toEqual({ text: 'before' });
    expect(await lease.saved.get('s')).toMatchObject({ data: { text: 'before' } });
    await lease[Symbol.asyncDispose]();
  });

  it('asks once for all that is loaded in one turn', async () => {
    const thread = new InlineThread();
    const lease = await openLease(thread, requestFor(file()));
    await lease.append(
      Array.from({ length: 500 }, (_, n) => ({ ...anyFact(n + 1, `s${n}`), sessionSeq: 1 })),
    );
    const before = { ...thread.traffic };
    await Promise.all(Array.from({ length: 500 }, (_, n) => lease.load(`s${n}`)));
    expect(thread.traffic).toEqual({ asked: before.asked + 1, answered: before.answered + 1 });
    await lease[Symbol.asyncDispose]();
  });

  it('that only reads gives the facts that came after it was opened', async () => {
    const path = file();
    const owner = await openLease(new InlineThread(), requestFor(path));
    const reader = await openLease(new InlineThread(), requestFor(path, { readOnly: true }));
    await owner.append([anyFact(1), anyFact(2)]);
    expect(reader.lastSeq).toBe(0);
    expect(await seqsOf(reader.facts({ from: 0 }))).toEqual([1, 2]);
    expect([reader.lastSeq, reader.epoch]).toEqual([2, owner.epoch]);
    for (const write of [
      reader.append([anyFact(3)]),
      reader.putSnapshot('a', { sessionSeq: 1, version: 1, data: {} }),
      reader.remove('a'),
      Promise.resolve(reader.saved.delete('a')),
    ])
      expect(await codeOf(write)).toBe('STORE_LOCKED');
    await reader[Symbol.asyncDispose]();
    expect(await codeOf(reader.counts())).toBe('STORE_LOCKED');
    await owner.append([anyFact(3)]);
    await owner[Symbol.asyncDispose]();
  });

  it('does not go on over a cut that comes between two pages', async () => {
    const lease = await openLease(new InlineThread(), requestFor(file(), { retainEvents: 2000 }));
    await lease.append(Array.from({ length: 1500 }, (_, n) => anyFact(n + 1)));
    const read: number[] = [];
    const reading = async () => {
      for await (const { seq } of lease.facts({ from: 0 })) {
        read.push(seq);
        if (seq === 1) await lease.append(Array.from({ length: 2000 }, (_, n) => anyFact(1501 + n)));
      }
    };
    expect(await codeOf(reading())).toBe('STORE_FAILED');
    expect(read).toEqual(Array.from({ length: 1024 }, (_, n) => n + 1));
    await lease[Symbol.asyncDispose]();
  });

  it('whose session cannot be read says so, and reads the others', async () => {
    const path = file();
    const lease = await openLease(new InlineThread(), requestFor(path));
    await lease.append([anyFact(1), { ...anyFact(2, 'b'), sessionSeq: 1 }]);
    tamper(path, `UPDATE facts SET payload = '{}' WHERE seq = 1`);
    const [a, b] = await Promise.allSettled([lease.load('a'), lease.load('b')]);
    expect([a.status, b.status]).toEqual(['rejected', 'fulfilled']);
    expect(await codeOf(lease.load('a'))).toBe('STORE_CORRUPT');
    await lease[Symbol.asyncDispose]();
  });

  it('can be given back though its thread has died', async () => {
    const thread = new InlineThread();
    const lease = await openLease(thread, requestFor(file()));
    thread.emit('error', new Error('gone'));
    expect(await codeOf(lease.append([anyFact(1)]))).toBe('STORE_FAILED');
    await lease[Symbol.asyncDispose]();
    expect(await codeOf(lease.append([anyFact(1)]))).toBe('STORE_LOCKED');
  });
});
