import { definedName } from 'chartroom/agents/librarian';
import type { Part } from './parts.ts';

/** Names so common that a question about them says little. */
const MIN_NAME_LENGTH = 5;
const IDENTIFIER = /[\p{L}_$][\p{L}\p{N}_$]*/gu;

const GENERAL = [
  'How are errors handled?',
  'What is still to be done (TODO, FIXME)?',
  'Where are limits and timeouts set?',
  'What is tested?',
  'Which options can be configured?',
  'Where does a version number stand?',
  'What is read from a file?',
];

/** `SessionError`, `parse_line`: a name made for one thing, where `result` is a word for many. */
function isCompound(name: string): boolean {
  return /[\p{Ll}\p{N}][\p{Lu}_]/u.test(name);
}

/**
 * Finds out what a folder talks about, so that sensible questions can be asked of it: the names defined in
 * exactly one of its files, compound ones first, by how often the folder uses them.
 */
export class Survey {
  readonly #uses = new Map<string, number>();
  readonly #definedIn = new Map<string, Set<string>>();
  readonly #names = new Map<string, string[]>();
  readonly #headings = new Map<string, string>();

  add(path: string, content: string): void {
    if (this.#names.has(path)) return; // parts may share a file
    const names: string[] = [];
    this.#names.set(path, names);
    for (const line of content.split('\n')) {
      for (const [word] of line.matchAll(IDENTIFIER)) this.#uses.set(word, (this.#uses.get(word) ?? 0) + 1);
      const name = definedName(line, path);
      if (name === undefined || name.length < MIN_NAME_LENGTH) continue;
      if (!/^[\p{L}\p{N}_$]+$/u.test(name)) {
        if (!this.#headings.has(path)) this.#headings.set(path, name);
        continue;
      }
      names.push(name);
      this.#definedIn.set(name, (this.#definedIn.get(name) ?? new Set()).add(path));
    }
  }

  /** What to ask each part: of two of its own names, one of its neighbour's, and one thing in general. */
  questionsFor(parts: readonly Part[]): readonly (readonly string[])[] {
    const subjects = parts.map((part) => this.#subjectsOf(part));
    return parts.map((_, index) => {
      const [first, second] = subjects[index] ?? [];
      const [foreign] = subjects[(index + 1) % parts.length] ?? [];
      const questions = [
        first?.where,
        GENERAL[index % GENERAL.length],
        second?.uses ?? first?.uses,
        foreign?.where,
      ].filter((question) => question !== undefined);
      return [...new Set(questions)];
    });
  }

  #subjectsOf({ files }: Part): readonly { where: string; uses: string }[] {
    const uses = (name: string) => this.#uses.get(name) ?? 0;
    const names = files.flatMap(({ path }) => this.#names.get(path) ?? []);
    const own = [...new Set(names)]
      .filter((name) => this.#definedIn.get(name)?.size === 1)
      .sort((a, b) => Number(isCompound(b)) - Number(isCompound(a)) || uses(b) - uses(a) || (a < b ? -1 : 1));
    if (own.length > 0) {
      return own.map((name) => ({ where: `Where is ${name} defined?`, uses: `What uses ${name}?` }));
    }
    return files.map(({ path }) => {
      const topic = this.#headings.get(path) ?? path.slice(path.lastIndexOf('/') + 1);
      return { where: `What is said about ${topic}?`, uses: `Where does ${topic} come up?` };
    });
  }
}
