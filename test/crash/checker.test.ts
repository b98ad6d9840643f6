/** A checker that notices nothing proves nothing: here each promise is broken, and that must be noticed. */
import { describe, expect, it } from 'vitest';
import type { JournalRecord, SessionStore, StoreLease } from '../../src/store/port.ts';
import { type CampaignOptions, runCampaign } from './campaign.ts';
import { lies, SAVING, withParts } from './lies.ts';
import { CrashViolation } from './violation.ts';

const TRUTH = 'nothing but the truth';

/** What is said of the first kills of a campaign. */
async function findings(options: Partial<CampaignOptions>): Promise<string> {
  try {
    const { boundaries } = await runCampaign({ seed: 4, kills: 2, keep: false, ...options });
    return `nothing wrong; died ${[...boundaries.keys()]}`;
  } catch (error) {
    if (error instanceof CrashViolation) return error.message;
    throw error;
  }
}

describe('a store that breaks its promise as its process dies', () => {
  it('is not suspected when it keeps it', async () => {
    expect(await findings({ lie: TRUTH })).toBe(`nothing wrong; died ${TRUTH}`);
  });

  it.each([...Object.keys(lies).filter((name) => name !== TRUTH), SAVING])('%s: is caught', async (lie) => {
    expect(await findings({ lie })).toMatch(/ holds | is saved with /);
  });
});

/** The store that the recovery reads from, with some parts replaced in each lease that is opened. */
const recoveredWith =
  (parts: (lease: StoreLease, opened: number) => Partial<StoreLease>) =>
  (store: SessionStore): SessionStore => {
    let opened = 0;
    return {
      async open(options) {
        const lease = await store.open(options);
        opened += 1;
        return withParts(lease, parts(lease, opened));
      },
    };
  };

const isMessage = ({ type }: JournalRecord) => type === 'conversation_added';

describe('a recovery that breaks a promise', () => {
  it('is not suspected when it keeps them', async () => {
    expect(await findings({ recovered: recoveredWith(() => ({})) })).toMatch(/^nothing wrong/);
  });

  it('finds sessions without their last message: is caught', async () => {
    const recovered = recoveredWith((lease) => ({
      async load(id) {
        const stored = await lease.load(id);
        const last = stored.records.findLastIndex(isMessage);
        return last < 1 ? stored : { ...stored, records: stored.records.slice(0, last) };
      },
    }));
    expect(await findings({ recovered })).toMatch(/ holds /);
  });

  it('gives something else the second time: is caught', async () => {
    const recovered = recoveredWith((lease, opened) => ({
      async load(id) {
        const stored = await lease.load(id);
        if (opened % 2 === 1) return stored;
        const records = stored.records.map((record) =>
          record.type === 'session_created'
            ? { ...record, payload: { ...record.payload, metadata: { mark: 'another', life: 'plain' } } }
            : record,
        );
        return { ...stored, records };
      },
    }));
    expect(await findings({ recovered })).toMatch(/a second recovery gives something else/);
  });

  it('leaves an event out of a replay: is caught', async () => {
    const recovered = recoveredWith((lease) => ({
      async *facts(query) {
        for await (const fact of lease.facts(query)) if (fact.seq !== 2) yield fact;
      },
    }));
    expect(await findings({ recovered })).toMatch(/event/);
  });

  it('gives a repeated idempotency key a new message: is caught', async () => {
    const recovered = recoveredWith((lease) => ({
      async load(id) {
        const stored = await lease.load(id);
        return { ...stored, records: stored.records.map(withoutKey) };
      },
    }));
    expect(await findings({ recovered, kills: 4 })).toMatch(/holds/);
  });
});

function withoutKey(record: JournalRecord): JournalRecord {
  if (!isMessage(record)) return record;
  const { message } = record.payload as { message: { idempotencyKey?: string } };
  const { idempotencyKey, ...kept } = message;
  return { ...record, payload: { ...record.payload, message: kept } };
}
