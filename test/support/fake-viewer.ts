import type {
  Detail,
  FleetRow,
  InspectorMessage,
  Recording,
  Subject,
  ViewerChannel,
} from '../../src/inspect/protocol.ts';

type Message<T extends InspectorMessage['type']> = Extract<InspectorMessage, { type: T }>;

export interface FakeViewer {
  readonly channel: ViewerChannel;
  /** What it took, as it would have come over a wire. */
  readonly messages: InspectorMessage[];
  /** Why the channel was closed. */
  readonly closed: string[];
  /** Whether it takes anything. */
  reads: boolean;
  of<T extends InspectorMessage['type']>(type: T): Message<T>[];
  last<T extends InspectorMessage['type']>(type: T): Message<T>;
  /** The list as it has it. */
  rows(): Map<string, FleetRow>;
  /** What it holds of a subject; throws when it was told of none. */
  recording(subject: Subject): Recording;
  detail(subject: Subject): Detail;
}

/** A viewer that believes what it is told, and nothing else. */
export function fakeViewer(): FakeViewer {
  const messages: InspectorMessage[] = [];
  const closed: string[] = [];
  const of = <T extends InspectorMessage['type']>(type: T) =>
    messages.filter((message): message is Message<T> => message.type === type);
  const viewer: FakeViewer = {
    channel: {
      send(message) {
        if (viewer.reads) messages.push(JSON.parse(JSON.stringify(message)));
        return viewer.reads;
      },
      close: (reason) => void closed.push(reason),
    },
    messages,
    closed,
    reads: true,
    of,
    last(type) {
      const found = of(type).at(-1);
      if (!found) throw new Error(`it was told nothing of the type ${type}`);
      return found;
    },
    rows: () => of('fleet').reduce(follow, new Map<string, FleetRow>()),
    recording(subject) {
      const about = messages.filter((message) => 'subject' in message && message.subject === subject);
      const start = about.findLastIndex(({ type }) => type === 'looking');
      const looking = about[start] as Message<'looking'> | undefined;
      if (!looking) throw new Error(`it was told nothing of ${subject}`);
      const later = about.slice(start).filter((message) => message.type === 'entries');
      return {
        ...looking.recording,
        definitions: Object.assign(
          {},
          looking.recording.definitions,
          ...later.map((each) => each.definitions),
        ),
        entries: [...looking.recording.entries, ...later.flatMap(({ entries }) => entries)],
      };
    },
    detail(subject) {
      const told = messages.filter(
        (message) => (message.type === 'looking' || message.type === 'detail') && message.subject === subject,
      );
      return (told.at(-1) as Message<'detail'>).detail;
    },
  };
  return viewer;
}

function follow(
  known: Map<string, FleetRow>,
  { reset, rows = [], changes = [], gone = [] }: Message<'fleet'>,
): Map<string, FleetRow> {
  if (reset) known.clear();
  for (const row of rows) known.set(row.id, row);
  for (const { id, ...fields } of changes) {
    const row = known.get(id);
    if (!row) continue;
    const merged = Object.entries({ ...row, ...fields }).filter(([, value]) => value !== null);
    known.set(id, Object.fromEntries(merged) as unknown as FleetRow);
  }
  for (const id of gone) known.delete(id);
  return known;
}
