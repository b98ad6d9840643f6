/** The code that a page of the documentation shows, as files of the names that it gives them. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { root } from './source-tree.ts';

export interface Documented {
  readonly name: string;
  readonly code: string;
}

const LANGUAGES = 'ts|tsx|vue|svelte';
const BLOCK = new RegExp(`^\`\`\`(?:${LANGUAGES})\\n(?://|<!--) ([\\w.-]+)(?: -->)?\\n(.*?)^\`\`\`$`, 'gms');

/** Of `docs/<page>.md`: every block whose first line is a comment with a file's name. */
export function documented(page: string): Documented[] {
  const text = readFileSync(`${root}/docs/${page}.md`, 'utf8');
  return [...text.matchAll(BLOCK)].map(([, name = '', code = '']) => ({ name, code }));
}

/** How many blocks there are, named or not. */
export function countBlocks(page: string): number {
  const text = readFileSync(`${root}/docs/${page}.md`, 'utf8');
  return text.match(new RegExp(`^\`\`\`(?:${LANGUAGES})$`, 'gm'))?.length ?? 0;
}

/** How many lines these files have beside imports, markup that only says what follows, and what is empty. */
export function linesOf(page: string, names: readonly string[]): number {
  const code = documented(page).filter(({ name }) => names.includes(name));
  const lines = code.flatMap((each) => each.code.split('\n'));
  return lines.filter((line) => line !== '' && !/^(import |<\/?(script|template))/.test(line)).length;
}

/** Calls of the actions that the page does not name. */
export function callsMissing(page: string): string[] {
  const text = readFileSync(`${root}/docs/${page}.md`, 'utf8');
  const source = readFileSync(`${root}/src/bindings/actions.ts`, 'utf8');
  const calls = [...source.matchAll(/tracked\('(\w+)'/g)].map(([, name = '']) => name);
  if (calls.length === 0) throw new Error('no call was found in the source');
  return calls.filter((name) => !text.includes(`\`${name}\``));
}

/** Writes them where a page of the tests can load them: in `.cache/docs/<page>`. Returns that folder. */
export function writeDocumented(page: string): string {
  const folder = `.cache/docs/${page}`;
  rmSync(`${root}/${folder}`, { recursive: true, force: true });
  mkdirSync(`${root}/${folder}`, { recursive: true });
  for (const { name, code } of documented(page)) writeFileSync(`${root}/${folder}/${name}`, code);
  return folder;
}

/**
 * The same with what the compiler can read: of a component its script, under the name that an import resolves to.
 * `ambient` declares what else there is.
 */
export function writeTypeChecked(page: string, options: object = {}, ambient = ''): string {
  const folder = `.cache/docs/${page}-types`;
  rmSync(`${root}/${folder}`, { recursive: true, force: true });
  mkdirSync(`${root}/${folder}`, { recursive: true });
  const compilerOptions = { declaration: false, ...options };
  const config = { extends: '../../../tsconfig.json', compilerOptions, include: ['*.ts', '*.tsx'] };
  writeFileSync(`${root}/${folder}/tsconfig.json`, JSON.stringify(config));
  writeFileSync(`${root}/${folder}/ambient.d.ts`, ambient);
  for (const { name, code } of documented(page)) {
    const isComponent = /\.(vue|svelte)$/.test(name);
    const script = /<script[^>]*>\n(.*?)<\/script>/s.exec(code)?.[1] ?? '';
    if (isComponent)
      writeFileSync(`${root}/${folder}/${name.replace('.', '-')}.ts`, `${script}\nexport {};\n`);
    else writeFileSync(`${root}/${folder}/${name}`, code);
  }
  return folder;
}
