import { equal, holds, refused } from './assertions.ts';
import {
  collect,
  contentsOf,
  countsOf,
  documentOf,
  ending,
  fact,
  factSeqs,
  headIds,
  life,
  loadedSeqs,
  snapshotAt,
} from './facts.ts';
import { rules } from './rules.ts';
import { close, kept, type Scenario, scenario } from './stage.ts';

export const leaseCases: readonly Scenario[] = [
  scenario(rules.empty, 'a new store is empty', async (lease) => {
    equal([lease.lastSeq, lease.cutSeq], [0, 0], 'lastSeq and cutSeq');
    equal(await lease.heads(), [], 'heads');
    equal(await countsOf(lease), {}, 'counts');
    equal(await collect(lease, { from: 0 }), [], 'facts');
    equal(await lease.saved.list(), [], 'saved sessions');
  }),

  scenario(
    rules.oneOwner,
    'a second open rejects STORE_LOCKED while the store has an owner, and names it',
    async (lease, stage) => {
      await lease.append(life(1));
      await stage.reopen(lease);
      const { message } = await refused(
        'STORE_LOCKED',
        () => stage.store.open({ owner: 'second' }),
        'the second open',
      );
      holds(message.includes('"contract"'), `that the message names the owner, in ${message}`);
    },
  ),

  {
    title: 'of two opens at the same time one gets the store',
    rule: rules.oneOwner,
    play: async ({ store }) => {
      const opened = await Promise.allSettled([store.open({ owner: 'a' }), store.open({ owner: 'b' })]);
      for (const each of opened) if (each.status === 'fulfilled') await close(each.value);
      equal(opened.map(({ status }) => status).sort(), ['fulfilled', 'rejected'], 'what became of the two');
      for (const each of opened)
        if (each.status === 'rejected')
          await refused('STORE_LOCKED', () => Promise.reject(each.reason), 'the other open');
    },
  },

  scenario(rules.oneOwner, 'a refused open does its owner no harm', async (lease, { store }) => {
    await lease.append(life(1));
    await refused('STORE_LOCKED', () => store.open({ owner: 'second' }), 'the second open');
    await lease.append(life(2, 2));
    await refused('STORE_LOCKED', () => store.open({ owner: 'third' }), 'the third open');
    equal(await loadedSeqs(lease, 'a'), [1, 2], 'the facts of the owner');
  }),

  scenario(
    rules.givenBack,
    'a lease given back frees the store at once, and may be given back twice',
    async (lease, stage) => {
      await close(lease);
      const second = await stage.open();
      await close(lease);
      await refused('STORE_LOCKED', () => stage.store.open({ owner: 'third' }), 'the third open');
      await second.append(life(1));
      equal(second.lastSeq, 1, 'lastSeq');
    },
  ),

  scenario(
    rules.givenBack,
    'a lease given back twice at the same time is given back when either resolves',
    async (lease, stage) => {
      await Promise.race([close(lease), close(lease)]);
      await stage.open();
    },
  ),

  scenario(rules.fenced, 'the epoch grows with every owner', async (lease, { reopen }) => {
    const second = await reopen(lease);
    const third = await reopen(second);
    holds(
      lease.epoch < second.epoch && second.epoch < third.epoch,
      'that each epoch is greater than the last',
    );
    holds(lease.epoch > 0, 'that the first is greater than 0');
  }),

  scenario(
    rules.fenced,
    'an owner who has given the lease back can write nothing any more',
    async (lease, { reopen }) => {
      await lease.append(life(2));
      await lease.saved.put(documentOf('s'));
      const { saved } = lease;
      const next = await reopen(lease);
      const before = await contentsOf(next);
      await refused('STORE_LOCKED', () => lease.append(life(3, 3)), 'append');
      await refused('STORE_LOCKED', () => lease.putSnapshot('a', snapshotAt(1)), 'putSnapshot');
      await refused('STORE_LOCKED', () => lease.remove('a'), 'remove');
      await refused('STORE_LOCKED', () => lease.saved.put(documentOf('t')), 'saved.put');
      await refused('STORE_LOCKED', () => lease.saved.delete('s'), 'saved.delete');
      equal(await contentsOf(next), before, 'the contents');
      holds(typeof saved.put === 'function', 'that saved was there');
      await next.append(life(3, 3));
      equal(next.lastSeq, 3, 'lastSeq');
    },
  ),

  scenario(
    rules.givenBack,
    'giving the lease back waits for the writes in flight',
    async (lease, { open }) => {
      const appended = Promise.resolve(lease.append(life(3)));
      const snapshot = Promise.resolve(lease.putSnapshot('a', snapshotAt(2)));
      const saved = Promise.resolve(lease.saved.put(documentOf('s')));
      await close(lease);
      await Promise.all([appended, snapshot, saved]);
      const next = await open();
      equal(
        await next.load('a'),
        { snapshot: snapshotAt(2), records: life(3, 3) },
        'what load gives the next',
      );
      equal(await next.saved.get('s'), documentOf('s'), 'the saved session');
    },
  ),

  ...kept(
    rules.lastSeq,
    'lastSeq is that of the newest fact ever appended, whatever became of its session',
    async (lease) => {
      await lease.append([...life(2), fact(3, 'b', 1)]);
      await lease.append([ending(4, 'a', 3), fact(9, 'b', 2)]);
      await lease.remove('b');
    },
    async (lease) => {
      equal(lease.lastSeq, 9, 'lastSeq');
      equal(await headIds(lease), [], 'heads');
      await refused('STORE_FAILED', () => lease.append([fact(9, 'c', 1)]), 'append of the same seq');
      await lease.append([fact(10, 'c', 1)]);
      equal(lease.lastSeq, 10, 'lastSeq');
    },
  ),

  scenario(rules.durable, 'the tenth owner finds what all before it have left', async (first, { reopen }) => {
    let lease = first;
    for (let n = 1; n <= 10; n += 1) {
      await lease.append(life(n, n));
      lease = await reopen(lease);
    }
    equal(await loadedSeqs(lease, 'a'), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 'the facts loaded');
    equal(await factSeqs(lease, { from: 0 }), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 'facts');
  }),
];
