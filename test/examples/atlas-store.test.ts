import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { keepDone, openJob, type Plan } from '../../examples/atlas/job.ts';
import {
  asProblem,
  defaultStore,
  openStore,
  StoreProblem,
  type StoreRequest,
} from '../../examples/atlas/store.ts';
import { SessionError } from '../../src/errors.ts';
import { createSessionManager } from '../../src/manager.ts';
import { sqliteStore } from '../../src/store/sqlite.ts';

const scratch = mkdtempSync(join(tmpdir(), 'atlas-store-'));
afterAll(() => rmSync(scratch, { recursive: true }));

let file = '';
let count = 0;
beforeEach(() => {
  count += 1;
  file = join(scratch, `${count}.db`);
});

const plan: Plan = {
  folder: {
    root: '/shop',
    files: 1,
    bytes: 3,
    skipped: { binary: 0, huge: 0, unreadable: 0 },
    truncated: false,
  },
  parts: [{ id: '01:shop', name: 'shop', files: [{ path: 'a.ts', bytes: 3 }] }],
  asked: ['Why?'],
  startedAt: '2026-01-01T00:00:00.000Z',
};

const request = (change: Partial<StoreRequest> = {}): StoreRequest => ({
  file,
  root: '/shop',
  sessions: undefined,
  questions: [],
  fresh: false,
  ...change,
});

/** Leaves a job in the file. */
async function begin(options: { done?: boolean } = {}): Promise<void> {
  const { lease } = await openStore(request());
  await using manager = createSessionManager({ store: { open: async () => lease } });
  const job = await openJob(manager, plan);
  await manager.createSession({ id: '01:shop' });
  if (options.done) await keepDone(job, '2026-01-02T03:04:05.678Z');
}

/** What opening gives, with the number of facts that are there; the store is let go. */
async function opening(change?: Partial<StoreRequest>) {
  const { lease, ...rest } = await openStore(request(change));
  const facts = lease.lastSeq;
  await lease[Symbol.asyncDispose]();
  return { ...rest, facts };
}

async function problem(change?: Partial<StoreRequest>): Promise<string> {
  const error = await opening(change).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(StoreProblem);
  const { message } = error as StoreProblem;
  expect(message).not.toContain('\n');
  return message.replaceAll(file, 'FILE');
}

function change(sql: string): void {
  const database = new Database(file);
  database.exec(sql);
  database.close();
}

describe('the store of the atlas', () => {
  it('is new where there is none', async () => {
    expect(await opening()).toEqual({ job: undefined, note: undefined, facts: 0 });
    expect(existsSync(file)).toBe(true);
  });

  it('gives an unfinished job back, with its plan', async () => {
    await begin();
    const { job, note } = await opening({ sessions: 1, questions: ['Why?'] });
    expect(job).toEqual({ plan, questions: undefined, doneAt: undefined });
    expect(note).toBeUndefined();
  });

  it('makes room for a new job once the old one is done, and says so', async () => {
    await begin({ done: true });
    const { note, ...rest } = await opening({ sessions: 7 });
    expect(rest).toEqual({ job: undefined, facts: 0 });
    expect(note).toBe(`The job that ${file} held was done on 2026-01-02 at 03:04 UTC; this is a new one.`);
  });

  it('gives an unfinished job up when it is to begin afresh', async () => {
    await begin();
    const { note, ...rest } = await opening({ fresh: true, root: '/elsewhere' });
    expect(rest).toEqual({ job: undefined, facts: 0 });
    expect(note).toContain('was given up');
    expect(readdirSync(scratch).filter((name) => name.startsWith(`${count}.db.damaged`))).toEqual([]);
  });

  it.each<[string, Partial<StoreRequest>, RegExp]>([
    [
      'another folder',
      { root: '/till' },
      /^FILE holds the atlas of \/shop\. Name another file with --store, or/,
    ],
    [
      'another number of sessions',
      { sessions: 2 },
      /with 1 session\. Leave --sessions out to go on with it, or/,
    ],
    ['other questions', { questions: ['How?'] }, /with other questions\. Leave --question out/],
  ])('keeps an unfinished job from %s', async (_, change, message) => {
    await begin();
    expect(await problem(change)).toMatch(message);
    expect((await opening()).job).toBeDefined();
  });

  it('says who is at work on it', async () => {
    await begin();
    const { lease } = await openStore(request());
    expect(await problem({ fresh: true })).toMatch(
      new RegExp(`^FILE belongs to npm start, process ${process.pid} on \\S+, which is at work on it`),
    );
    await lease[Symbol.asyncDispose]();
    expect((await opening()).job).toBeDefined();
  });

  it('is never a file of somebody else, not even to begin afresh', async () => {
    writeFileSync(file, 'my notes');
    for (const fresh of [false, true])
      expect(await problem({ fresh })).toBe(
        'FILE is no SQLite database; it was left as it is. Name another file with --store.',
      );
    expect(readFileSync(file, 'utf8')).toBe('my notes');

    rmSync(file);
    change('CREATE TABLE notes (text)');
    expect(await problem({ fresh: true })).toMatch(
      /no store of chartroom.* Name another file with --store\.$/,
    );
  });

  it('is never a store of another program, not even to begin afresh', async () => {
    const manager = createSessionManager({ store: sqliteStore(file) });
    await (await manager.createSession({ id: 'ada' })).send('user', 'precious');
    await manager.close();
    for (const fresh of [false, true])
      expect(await problem({ fresh })).toBe(
        'FILE holds no job of the atlas. Name another file with --store.',
      );

    await using again = createSessionManager({ store: sqliteStore(file) });
    expect(await again.session('ada').context.history()).toHaveLength(1);
  });

  it('is left alone when a newer chartroom has written it', async () => {
    await begin();
    change('PRAGMA user_version = 99');
    for (const fresh of [false, true])
      expect(await problem({ fresh })).toMatch(
        /has format 99.* update chartroom\. Or name another file with --store\.$/,
      );
    change('PRAGMA user_version = 1');
    expect((await opening()).job).toBeDefined();
  });

  it.each<[string, () => void]>([
    ['in its pages', () => damagePages()],
    [
      'in the session of the job',
      () => change("UPDATE facts SET payload = replace(payload, 'shop', 'till')"),
    ],
  ])('that is damaged %s is kept aside to begin afresh, and only then', async (_, damage) => {
    await begin();
    damage();
    const damaged = `${file}.as-it-was`;
    copyFileSync(file, damaged);
    expect(await problem()).toMatch(/FILE.* Start anew with --fresh, or name another file with --store\.$/);
    expect(existsSync(`${file}.damaged`)).toBe(false);

    const { note, ...rest } = await opening({ fresh: true });
    expect(rest).toEqual({ job: undefined, facts: 0 });
    expect(note).toBe(`What was in ${file} could not be read, and is kept as ${file}.damaged.`);
    expect(readFileSync(`${file}.damaged`).length).toBe(readFileSync(damaged).length);
  });

  it('cannot be a folder, nor lie in one that is missing', async () => {
    expect(await problem({ file: scratch })).toMatch(/is no file, and cannot be a store\.$/);
    expect(await problem({ file: join(scratch, 'nowhere', 'a.db') })).toMatch(
      /^The folder \S+nowhere of the store does not exist; create it first\.$/,
    );
  });

  it('that is full says what to do', () => {
    const full = new SessionError('STORE_FAILED', 'The disk is full: …', { details: { full: true } });
    expect(asProblem(full, 'a.db')).toMatchObject({
      name: 'StoreProblem',
      message: 'The disk is full. What was done is kept in a.db: make room, and npm start goes on.',
    });
  });

  it('has nothing to say about other failures', () => {
    const failure = new Error('x');
    expect(asProblem(failure, file)).toBe(failure);
  });
});

describe('the place of the store', () => {
  const repository = join(scratch, 'repository');
  mkdirSync(repository);

  it('is in the repository, out of git’s sight', () => {
    const place = defaultStore(repository, repository);
    expect(place).toBe(join(repository, '.chartroom', 'atlas.db'));
    expect(readFileSync(join(repository, '.chartroom', '.gitignore'), 'utf8')).toBe('*\n');
  });

  it('is another for each folder, and the same for the same', () => {
    const places = ['/a/shop', '/b/shop', '/', '/a/my shop!'].map((root) => defaultStore(root, repository));
    expect(new Set(places).size).toBe(4);
    expect(places.map((place) => basename(place))).toEqual([
      expect.stringMatching(/^atlas-shop-[0-9a-f]{8}\.db$/),
      expect.stringMatching(/^atlas-shop-[0-9a-f]{8}\.db$/),
      expect.stringMatching(/^atlas-root-[0-9a-f]{8}\.db$/),
      expect.stringMatching(/^atlas-my-shop--[0-9a-f]{8}\.db$/),
    ]);
    expect(defaultStore('/a/shop', repository)).toBe(places[0]);
  });

  it('that cannot be made is to be named', () => {
    const taken = join(scratch, 'taken');
    writeFileSync(taken, '');
    expect(() => defaultStore('/shop', taken)).toThrow(/^There is no place for the store: .*--store\.$/);
  });
});

/** All but the header, which still says whose file it is. */
function damagePages(): void {
  const bytes = readFileSync(file);
  bytes.fill(0xa5, 4096);
  writeFileSync(file, bytes);
}
