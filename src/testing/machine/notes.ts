import type { Plan } from './plan.ts';
import type { Vocabulary } from './samples.ts';

/** What a reader of the report is to know of how it came about: what was not checked, and why. */
export function notesOn(
  { subject, terminate }: Plan,
  { events, read }: Vocabulary,
  ended: boolean,
): string[] {
  const notes: string[] = [];
  const { chart, restore } = subject;
  if (terminate === undefined)
    notes.push(
      !chart.canEnd
        ? 'It has no final state at its top level, so nobody asked whether it can be ended.'
        : ended
          ? 'Some run ended; name the events that end it in `terminate` to have it shown from every state.'
          : 'No run reached a final state. Name the events that end it in `terminate`.',
    );
  if (chart.hasDelays && restore?.timers)
    notes.push(
      "Delayed transitions were armed again at each restore, as a durable session does it. XState by itself loses them: `restore: 'plain'` shows where.",
    );
  if (chart.unknownActions.length > 0)
    notes.push(`XState skips actions that nobody has implemented: ${chart.unknownActions.join(', ')}.`);
  if (chart.unknownDelays.length > 0)
    notes.push(
      `XState takes delays that nobody has implemented for 0 ms: ${chart.unknownDelays.join(', ')}.`,
    );
  const made = [...events.keys()].filter((type) => events.get(type) === undefined && read.has(type));
  if (made.length > 0)
    notes.push(`Payloads were made up for ${made.join(', ')}: say in \`events\` what they are.`);
  return notes;
}
