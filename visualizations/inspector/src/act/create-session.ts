import type { Live } from '../live/live.ts';
import { ask } from '../parts/dialog.tsx';
import { toast } from '../parts/toasts.tsx';
import { objectOf, wrongWith } from './json-field.ts';

/** Asks for what a new session is to be, and makes it. Resolves with its id, or undefined when it was cancelled. */
export async function createSession(live: Live): Promise<string | undefined> {
  let id: string | undefined;
  const filled = await ask({
    title: 'Create a session',
    confirm: 'Create',
    fields: [
      { name: 'id', label: 'Id', hint: 'Optional: one is made up.' },
      {
        name: 'metadata',
        label: 'Metadata',
        kind: 'area',
        hint: 'Optional JSON object.',
        wrong: wrongWith(objectOf),
      },
      {
        name: 'config',
        label: 'Config',
        kind: 'area',
        hint: 'Optional JSON object.',
        wrong: wrongWith(objectOf),
      },
    ],
    async run({ id: wanted = '', metadata = '', config = '' }) {
      const made = await live.act({
        do: 'create',
        ...(wanted.trim() && { id: wanted.trim() }),
        ...(metadata.trim() && { metadata: objectOf(metadata) }),
        ...(config.trim() && { config: objectOf(config) }),
      });
      id = idIn(made) ?? wanted.trim();
    },
  });
  if (filled) toast(id ? `Created ${id}` : 'Created');
  return filled && id;
}

/** The inspector answers with the session, or with its id. */
function idIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const isInfo = typeof value === 'object' && value !== null && 'id' in value;
  return isInfo && typeof value.id === 'string' ? value.id : undefined;
}
