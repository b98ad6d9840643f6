import { existsSync } from 'node:fs';
import { isSessionError } from '../errors.ts';
import { parseDocument, type SessionDocument } from '../store/document.ts';
import type { StoreLease } from '../store/port.ts';
import type { DocumentLimits } from '../store/session-data.ts';
import { importSaved, importSession } from '../store/transfer.ts';
import { parseCommand, takeBytes, takeId, takePositionals, UsageError } from './arguments.ts';
import { FileError, readText } from './files.ts';
import { Progress } from './progress.ts';
import { type Command, DONE, FAILED, type Surroundings } from './surroundings.ts';
import { counted, countedOf, printable } from './text.ts';

export const importCommand: Command = {
  help: `Usage: chartroom import FILE DOCUMENT... [options]

Puts documents, as chartroom export writes them, into a store as sessions; the
next program that opens it finds them active. All are read and checked first:
unless each is sound and its id is free, none is put in. A store that does not
exist is created. No program may have it open meanwhile.

  --as ID                 the id it gets in place of its own; one document only
  --saved                 put them among the saved sessions instead
  --force                 with --saved: replace saved sessions of the same id
  --max-message-bytes N   the largest message that is taken, in bytes of JSON,
  --max-metadata-bytes N  and the largest metadata; default, as in a manager's
                          limits, 1048576 and 65536
  --help, -h              this text

Exit codes: 0 done, 1 failed, 2 wrong usage.
`,

  async run(argv, surroundings) {
    const { values, positionals } = parseCommand(argv, {
      as: { type: 'string' },
      saved: { type: 'boolean' },
      force: { type: 'boolean' },
      'max-message-bytes': { type: 'string' },
      'max-metadata-bytes': { type: 'string' },
    });
    const { saved = false, force: replace = false } = values;
    const [file = '', ...paths] = takePositionals(positionals, ['FILE', 'DOCUMENT…']);
    const as = values.as === undefined ? undefined : takeId(values.as);
    if (as !== undefined && paths.length > 1) throw new UsageError('--as takes one document only.');
    if (replace && !saved) throw new UsageError('--force needs --saved: no living session is replaced.');
    const order: Order = { as, saved, replace, limits: limitsOf(values) };
    const files = readAll(paths, order, surroundings);
    if (!files) {
      surroundings.stderr.write('chartroom import: Nothing was imported.\n');
      return FAILED;
    }
    const isNew = !existsSync(file);
    await using lease = await surroundings.open(file, { readOnly: false });
    for (const [id, path] of files)
      if (await isTaken(lease, id, order)) throw takenError(id, path, file, order);
    const progress = new Progress(surroundings);
    let done = 0;
    for (const [id, path] of files) {
      await put(lease, readDocument(path, order.limits), id, order, surroundings);
      done += 1;
      progress.update(() => countedOf(done, files.size, 'document'));
    }
    progress.end();
    const what = counted(done, saved ? 'saved session' : 'session');
    const named = done === 1 ? `: ${[...files.keys()].join()}` : '';
    surroundings.stdout.write(`Imported ${what} into ${isNew ? 'the new store ' : ''}${file}${named}.\n`);
    return DONE;
  },
};

interface Order {
  readonly as: string | undefined;
  readonly saved: boolean;
  readonly replace: boolean;
  readonly limits: DocumentLimits;
}

function limitsOf(values: Partial<Record<string, unknown>>): DocumentLimits {
  const given = (flag: string) => takeBytes(`--${flag}`, values[flag] as string | undefined);
  const message = given('max-message-bytes');
  const metadata = given('max-metadata-bytes');
  return {
    ...(message !== undefined && { maxMessageBytes: message }),
    ...(metadata !== undefined && { maxMetadataBytes: metadata }),
  };
}

/**
 * The file of each id; `undefined` when one of them cannot be imported, after each is named. A document is read again
 * when its turn comes: they need not all fit in memory.
 */
function readAll(
  paths: readonly string[],
  { as, limits }: Order,
  surroundings: Surroundings,
): Map<string, string> | undefined {
  const files = new Map<string, string>();
  const progress = new Progress(surroundings);
  let refused = 0;
  paths.forEach((path, n) => {
    try {
      const { id: own } = readDocument(path, limits);
      const id = as ?? own;
      const other = files.get(id);
      if (other !== undefined) throw new FileError(`${path} and ${other} are both of the session "${id}".`);
      files.set(id, path);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      refused += 1;
      progress.end();
      surroundings.stderr.write(`chartroom import: ${printable(error.message)}\n`);
    }
    progress.update(() => countedOf(n + 1, paths.length, 'document'));
  });
  progress.end();
  return refused === 0 ? files : undefined;
}

function readDocument(path: string, limits: DocumentLimits): SessionDocument {
  const text = readText(path);
  try {
    return parseDocument(text, limits);
  } catch (error) {
    if (!isSessionError(error)) throw error;
    const tooLarge = error.code === 'PAYLOAD_TOO_LARGE';
    const remedy = tooLarge
      ? ' If the managers of this store have a higher limit, give it: --max-message-bytes, --max-metadata-bytes.'
      : '';
    throw new FileError(`${path} cannot be imported: ${error.message}${remedy}`, { cause: error });
  }
}

async function isTaken(lease: StoreLease, id: string, { saved, replace }: Order): Promise<boolean> {
  if (!saved) return (await lease.head(id)) !== undefined;
  return !replace && (await lease.saved.ids()).includes(id);
}

function takenError(id: string, path: string, file: string, { saved }: Order): FileError {
  const what = saved ? 'a saved session' : 'a session';
  const remedy = saved ? '--force replaces it, --as ID gives' : '--as ID gives';
  return new FileError(
    `${path} was not imported: ${file} has ${what} "${id}" already; ${remedy} it another id.`,
  );
}

async function put(
  lease: StoreLease,
  document: SessionDocument,
  as: string,
  { saved, replace, limits }: Order,
  surroundings: Surroundings,
): Promise<void> {
  if (saved) await importSaved(lease, document, { as, limits, replace });
  else await importSession(lease, document, { as, limits, now: surroundings.now() });
}
