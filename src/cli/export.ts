import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { toErrorInfo } from '../error-info.ts';
import { isSessionError } from '../errors.ts';
import { checkSessionId } from '../ids.ts';
import { formatDocument, type SessionDocument } from '../store/document.ts';
import { storedIds } from '../store/inventory.ts';
import type { StoreLease } from '../store/port.ts';
import { isDamage } from '../store/reading.ts';
import { exportSaved, exportSession } from '../store/transfer.ts';
import { parseCommand, takeId, takePositionals, UsageError } from './arguments.ts';
import { fileNames } from './file-name.ts';
import { asFileError, checkFree, FileError, statusOf, syncFolder, writeWhole } from './files.ts';
import { Progress } from './progress.ts';
import { type Command, DONE, FAILED, type Surroundings } from './surroundings.ts';
import { counted, countedOf, printable } from './text.ts';

export const exportCommand: Command = {
  help: `Usage: chartroom export FILE ID [options]
       chartroom export FILE --all -o FOLDER [options]

Writes a session of a store as a document: one file of JSON, all that the
session holds at this moment. Works while a program has the store open, too.
chartroom import takes it in elsewhere.

  --output, -o OUT  the file to write, in place of standard output; with --all
                    a folder, made if missing
  --all             every session, each in a file of its own: FOLDER/ID.json,
                    or FOLDER/ID~HASH.json where some file systems could not
                    tell it from another
  --saved           saved sessions instead
  --force           replace files that are there already
  --help, -h        this text

Exit codes: 0 done, 1 failed or damage found, 2 wrong usage.
`,

  async run(argv, surroundings) {
    const { values, positionals } = parseCommand(argv, {
      output: { type: 'string', short: 'o' },
      all: { type: 'boolean' },
      saved: { type: 'boolean' },
      force: { type: 'boolean' },
    });
    const { output, all, saved = false, force = false } = values;
    const [file = '', typed = ''] = takePositionals(positionals, all ? ['FILE'] : ['FILE', 'ID']);
    if (output === '') throw new UsageError('--output is an empty text.');
    if (all && output === undefined) throw new UsageError('--all needs a folder to write to: -o FOLDER.');
    if (force && output === undefined) throw new UsageError('--force needs --output.');
    const id = all ? '' : takeId(typed);
    await using lease = await surroundings.open(file, { readOnly: true });
    const write = (path: string, document: SessionDocument) => {
      checkNotStore(path, file);
      writeWhole(path, formatDocument(document), { force });
    };
    if (all && output !== undefined)
      return await exportAll(lease, output, { saved, force, write }, surroundings);
    const document = await (saved
      ? exportSaved(lease, id)
      : exportSession(lease, id, { now: surroundings.now() }));
    if (output === undefined) surroundings.stdout.write(formatDocument(document));
    else {
      write(output, document);
      syncFolder(dirname(output));
      surroundings.stdout.write(
        `Exported ${id} with ${counted(document.messageCount, 'message')} to ${output}.\n`,
      );
    }
    return DONE;
  },
};

interface Order {
  readonly saved: boolean;
  readonly force: boolean;
  readonly write: (path: string, document: SessionDocument) => void;
}

/** One that cannot be read is named, and keeps nobody from the others. */
async function exportAll(
  lease: StoreLease,
  folder: string,
  { saved, force, write }: Order,
  surroundings: Surroundings,
): Promise<number> {
  const { stdout, stderr } = surroundings;
  const found = saved ? [...(await lease.saved.ids())] : await storedIds(lease);
  let failed = 0;
  const complain = (reason: string) => {
    failed += 1;
    progress.end();
    stderr.write(`chartroom export: ${printable(reason)}\n`);
  };
  const progress = new Progress(surroundings);
  const ids = found.filter((id) => isLegal(id, complain));
  const names = fileNames(ids, presentIn(folder));
  // Before anything is written, so that a second run into the same folder changes nothing.
  for (const name of names.values()) checkFree(join(folder, name), force);
  let written = 0;
  for (const [id, name] of names) {
    try {
      const document = await (saved
        ? exportSaved(lease, id)
        : exportSession(lease, id, { now: surroundings.now() }));
      write(join(folder, name), document);
      written += 1;
    } catch (error) {
      // It ended while the others were written.
      if (isSessionError(error) && error.code === 'SESSION_NOT_FOUND') continue;
      if (!isDamage(error)) throw error;
      complain(error.message);
    }
    progress.update(() => countedOf(written + failed, found.length, 'session'));
  }
  progress.end();
  syncFolder(folder);
  stdout.write(`Exported ${counted(written, saved ? 'saved session' : 'session')} to ${folder}.\n`);
  return failed > 0 ? FAILED : DONE;
}

/** What a damaged or hostile file calls a session need not be an id, and must not become a path. */
function isLegal(id: string, complain: (reason: string) => void): boolean {
  try {
    checkSessionId(id);
    return true;
  } catch (error) {
    complain(`${JSON.stringify(id)} names no file. ${toErrorInfo(error).message}`);
    return false;
  }
}

/** The names in the folder, which is made if it is missing. */
function presentIn(folder: string): string[] {
  try {
    mkdirSync(folder, { recursive: true });
    return readdirSync(folder);
  } catch (error) {
    throw asFileError(error, folder, 'opened');
  }
}

/** `--force` must not put a document in the place of the store. */
function checkNotStore(path: string, store: string): void {
  const target = statusOf(path);
  if (!target) return;
  for (const suffix of ['', '-wal', '-shm', '.lock']) {
    const own = statusOf(`${store}${suffix}`);
    if (own?.ino === target.ino && own.dev === target.dev)
      throw new FileError(`${path} belongs to the store itself; name another file.`);
  }
}
