/** A process of its own that owns a store: says each fact that was acknowledged, until somebody kills it. */
import { sqliteStore } from '../../../src/store/sqlite.ts';

const [path = '', count = 'Infinity'] = process.argv.slice(2);
const lease = await sqliteStore(path).open({ owner: `writer ${process.pid}` });
console.log('open');
for (let n = 1; n <= Number(count); n++) {
  const seq = lease.lastSeq + 1;
  await lease.append([{ seq, sessionId: 'a', sessionSeq: seq, type: 'x', at: '', payload: { seq } }]);
  console.log(seq);
}
