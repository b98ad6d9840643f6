import type { Bug } from '../bug.ts';

/** Listeners, cursors and streams. */
export const eventBugs: readonly Bug[] = [
  {
    title: '`terminated` before `terminating`',
    edits: [
      {
        file: 'src/session/follower.ts',
        find: "    if (fact.type !== 'agent_saved') bus.publish(fact);",
        replace: `    if (fact.type === 'agent_saved') return;
    if (fact.type === 'session_status' && fact.payload.status === 'terminating')
      queueMicrotask(() => bus.publish(fact));
    else bus.publish(fact);`,
      },
    ],
  },
  {
    title: 'a throwing subscriber stops the others',
    edits: [
      {
        file: 'src/events/bus.ts',
        find: "    this.#guard.notify('a listener', subscription.listener, event);",
        replace: '    subscription.listener(event);',
      },
      {
        file: 'src/events/bus.ts',
        find: '    const event = toEvent(fact);\n',
        replace:
          "    this.#guard.notify('the listeners', (event) => this.#tell(event, all, own), toEvent(fact));\n  }\n\n  #tell(event: PublishedEvent, all: readonly Subscription[], own: readonly Subscription[] | undefined): void {\n",
      },
    ],
  },
  {
    title: 'a cursor gives the event that it stands at again',
    edits: [
      {
        file: 'src/store/memory.ts',
        find: 'if ((this.#at(middle)?.seq ?? 0) <= seq) low = middle + 1;',
        replace: 'if ((this.#at(middle)?.seq ?? 0) < seq) low = middle + 1;',
      },
    ],
  },
  {
    title: 'what happens during a replay is lost',
    edits: [
      {
        file: 'src/events/cursor.ts',
        find: '  let cursor = from;\n  for (;;) {\n    const { cutSeq, publishedSeq } = source;\n',
        replace:
          '  let cursor = from;\n  const { publishedSeq } = source;\n  for (;;) {\n    const { cutSeq } = source;\n',
      },
    ],
  },
  {
    title: 'what retention has cut is missing without a gap',
    edits: [
      {
        file: 'src/events/cursor.ts',
        find: '      yield gapEvent(cursor + 1, cutSeq, source.iso());\n',
        replace: '',
      },
    ],
  },
  {
    title: 'a stream goes on after the end of its session',
    edits: [
      {
        file: 'src/events/stream.ts',
        find: "event.type === 'session_terminated' && event.sessionId === this.#options.sessionId",
        replace:
          "event.type === 'session_terminated' && event.sessionId === this.#options.sessionId && !this.#replay",
      },
    ],
  },
  {
    title: 'a stream that overflows loses its newest event',
    edits: [
      {
        file: 'src/events/stream.ts',
        find: 'const dropped = this.#buffer.shift() as SessionEvent;',
        replace: 'const dropped = this.#buffer.pop() as SessionEvent;',
      },
    ],
  },
  {
    title: 'a replay does not ask which types are wanted',
    edits: [
      {
        file: 'src/events/cursor.ts',
        find: "record.type !== 'agent_saved' && (!types || types.has(record.type))",
        replace: "record.type !== 'agent_saved'",
      },
    ],
  },
  {
    title: 'listeners of one session hear of an event before those of all',
    edits: [
      {
        file: 'src/events/bus.ts',
        find: 'if (a && (!b || a.order < b.order)) {',
        replace: 'if (a && !b) {',
      },
    ],
  },
];
