import { checkStore, type StoreCheck } from '../store/check.ts';
import { parseCommand, takePositionals } from './arguments.ts';
import { Progress } from './progress.ts';
import { countsText } from './sessions.ts';
import { type Command, DONE, FAILED, type Surroundings } from './surroundings.ts';
import { counted, countedOf, printable, red } from './text.ts';

export const check: Command = {
  help: `Usage: chartroom check FILE [options]

Reads every session and every saved session of a store, holds each to all the
rules of the format, and says which are damaged and why. A manager keeps a
damaged session in quarantine: it stays in the store as it is, and the others
are not affected. Changes nothing. Works while a program has the store open,
too.

  --json      as one JSON object
  --help, -h  this text

Exit codes: 0 all is sound, 1 damage found or failed, 2 wrong usage.
`,

  async run(argv, surroundings) {
    const { values, positionals } = parseCommand(argv, { json: { type: 'boolean' } });
    const [file = ''] = takePositionals(positionals, ['FILE']);
    await using lease = await surroundings.open(file, { readOnly: true });
    const progress = new Progress(surroundings);
    const found = await checkStore(lease, {
      onProgress: ({ checked, total }) => progress.update(() => countedOf(checked, total, 'session')),
    }).finally(() => progress.end());
    surroundings.stdout.write(
      values.json ? `${JSON.stringify(found, null, 2)}\n` : report(file, found, surroundings),
    );
    return found.damaged.length > 0 ? FAILED : DONE;
  },
};

function report(
  file: string,
  { epoch, lastSeq, sessions, saved, damaged }: StoreCheck,
  { stdout }: Surroundings,
): string {
  const total = Object.values(sessions).reduce((sum, count) => sum + count, 0);
  const of = total > 0 ? ` (${countsText(sessions)})` : '';
  const lines = [
    `${file}: ${counted(total, 'session')}${of}, ${counted(saved, 'saved session')}; ${counted(lastSeq, 'fact')} written, opened ${counted(epoch, 'time')}.`,
  ];
  for (const { reason } of damaged) lines.push(red(`damaged: ${printable(reason)}`, stdout));
  if (damaged.length === 0) lines.push('All of it is sound.');
  else {
    const others = damaged.length < total + saved ? '; the others are sound' : '';
    lines.push(`${damaged.length.toLocaleString('en')} cannot be read, and stay as they are${others}.`);
  }
  return `${lines.join('\n')}\n`;
}
