import type { SessionStatus } from '../data.ts';
import { type DamagedSessionInfo, type StoredSessionInfo, storedSessions } from '../store/inventory.ts';
import type { StoreLease } from '../store/port.ts';
import { parseCommand, takePositionals, UsageError } from './arguments.ts';
import { type Command, DONE, FAILED, type Output, type Surroundings } from './surroundings.ts';
import { counted, printable, red, Table } from './text.ts';

const STATUSES: readonly string[] = [
  'initializing',
  'active',
  'idle',
  'terminating',
] satisfies SessionStatus[];

export const sessions: Command = {
  help: `Usage: chartroom sessions FILE [options]

Lists the sessions that a store holds, in the order of their creation. Works
while a program has the store open, too.

  --status STATUS  only those that are ${STATUSES.slice(0, -1).join(', ')}
                   or ${STATUSES.at(-1)}; may be given again
  --saved          list the saved sessions instead
  --json           as one JSON array, a session on each line
  --help, -h       this text

WAKES is when a manager brings the session back though nobody touches it.

Exit codes: 0 done, 1 failed or damage found, 2 wrong usage.
`,

  async run(argv, surroundings) {
    const { values, positionals } = parseCommand(argv, {
      status: { type: 'string', multiple: true },
      saved: { type: 'boolean' },
      json: { type: 'boolean' },
    });
    const [file = ''] = takePositionals(positionals, ['FILE']);
    const status = values.status?.map(takeStatus);
    if (values.saved && status) throw new UsageError('--saved and --status exclude each other.');
    await using lease = await surroundings.open(file, { readOnly: true });
    const json = values.json ?? false;
    if (values.saved) return await listSaved(lease, surroundings, json);
    return await listSessions(storedSessions(lease, status && { status }), surroundings, json);
  },
};

function takeStatus(text: string): SessionStatus {
  if (STATUSES.includes(text)) return text as SessionStatus;
  throw new UsageError(`--status must be one of ${STATUSES.join(', ')}, got ${JSON.stringify(text)}.`);
}

async function listSessions(
  found: AsyncIterable<StoredSessionInfo | DamagedSessionInfo>,
  { stdout, stderr }: Surroundings,
  json: boolean,
): Promise<number> {
  const list = json
    ? jsonList(stdout)
    : new Table(stdout, ['ID', 'STATUS', 'MESSAGES', 'UPDATED', 'WAKES'], [2]);
  const counts: Record<string, number> = {};
  let total = 0;
  for await (const info of found) {
    const status = 'damage' in info ? 'damaged' : info.status;
    counts[status] = (counts[status] ?? 0) + 1;
    total += 1;
    const read = 'add' in list ? list.add(info) : addRow(list, info);
    if (!read) return DONE;
  }
  if (total > 0 || json) list.end();
  if (!json)
    stdout.write(total === 0 ? 'No sessions.\n' : `\n${counted(total, 'session')}: ${countsText(counts)}\n`);
  if (!counts.damaged) return DONE;
  stderr.write(
    `chartroom sessions: ${counted(counts.damaged, 'session')} cannot be read; chartroom check says why.\n`,
  );
  return FAILED;
}

function addRow(table: Table, info: StoredSessionInfo | DamagedSessionInfo): boolean {
  if ('damage' in info) return table.row([printable(info.id), 'damaged', '-', '-', '-'], red);
  const { id, status, messageCount, updatedAt, wakeAt } = info;
  return table.row([id, status, `${messageCount}`, printable(updatedAt), wakeText(wakeAt)]);
}

async function listSaved(
  lease: StoreLease,
  { stdout, stderr }: Surroundings,
  json: boolean,
): Promise<number> {
  const saved = await lease.saved.list();
  const damaged = (await lease.saved.ids()).length - saved.length;
  if (json) {
    const list = jsonList(stdout);
    for (const { id, savedAt, messageCount, metadata } of saved)
      list.add({ id, savedAt, messageCount, metadata });
    list.end();
  } else if (saved.length === 0) stdout.write('No saved sessions.\n');
  else {
    const table = new Table(stdout, ['ID', 'MESSAGES', 'SAVED'], [1]);
    for (const { id, savedAt, messageCount } of saved)
      table.row([printable(id), printable(`${messageCount}`), printable(`${savedAt}`)]);
    table.end();
    stdout.write(`\n${counted(saved.length, 'saved session')}\n`);
  }
  if (damaged <= 0) return DONE;
  stderr.write(
    `chartroom sessions: ${counted(damaged, 'saved session')} cannot be read; chartroom check says why.\n`,
  );
  return FAILED;
}

function wakeText(wakeAt: number | null): string {
  if (wakeAt === null) return 'never';
  return wakeAt <= 0 ? 'at once' : new Date(wakeAt).toISOString();
}

export function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([status, count]) => `${count.toLocaleString('en')} ${printable(status)}`)
    .join(', ');
}

/** An array that is written as it comes, an item on each line. */
function jsonList(out: Output) {
  let empty = true;
  return {
    add(item: object): boolean {
      const start = empty ? '[\n' : ',\n';
      empty = false;
      return out.write(`${start}${JSON.stringify(item)}`);
    },
    end: () => out.write(empty ? '[]\n' : '\n]\n'),
  };
}
