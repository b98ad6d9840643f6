/** What the files of this package import, use and are made of, read off their syntax trees. */
import { globSync, readFileSync } from 'node:fs';
import { posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'vitest/node';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Import {
  readonly from: string;
  /** Nothing of it is left at run time. */
  readonly typeOnly: boolean;
  /** An `import()`: only what runs as far as that loads it. */
  readonly lazy: boolean;
}

export interface SourceFile {
  /** From the root of the package, with forward slashes. */
  readonly path: string;
  readonly lines: number;
  /** Imports, re-exports, `import()` and `import('…')` types. */
  readonly imports: readonly Import[];
  /** Nothing of the file is left at run time. */
  readonly typesOnly: boolean;
  /** Every top-level statement is an import or an `export … from`. */
  readonly listOnly: boolean;
  /** `export *` of something that exists at run time. */
  readonly exportsAll: boolean;
  /** It holds at least one function: there is something to test. */
  readonly hasLogic: boolean;
  /** Every name used as a value, and every `object.property` of two names; keys of objects left out. */
  readonly names: ReadonlySet<string>;
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** The TypeScript files that match, by path. */
export function sourceFiles(...patterns: string[]): SourceFile[] {
  const paths = globSync(patterns, { cwd: root }).map((path) => path.split(sep).join('/'));
  return paths.sort().map((path) => readSource(path, readFileSync(`${root}/${path}`, 'utf8')));
}

export function readSource(path: string, code: string): SourceFile {
  const body = parseAst(code, { lang: path.endsWith('x') ? 'tsx' : 'ts', sourceType: 'module' })
    .body as unknown as Node[];
  const imports: Import[] = [];
  const names = new Set<string>();
  let hasLogic = false;
  for (const statement of body)
    walk(statement, (node) => {
      const imported = importOf(node);
      if (imported) imports.push(imported);
      const name = nameOf(node);
      if (name) names.add(name);
      if (node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression') hasLogic = true;
      if (node.type === 'FunctionDeclaration') hasLogic = true;
    });
  return {
    path,
    lines: code.split('\n').length - 1,
    imports,
    typesOnly: body.every(isErased),
    listOnly: body.every((node) => isNode(node.source)),
    exportsAll: body.some((node) => node.type === 'ExportAllDeclaration' && node.exportKind !== 'type'),
    hasLogic,
    names,
  };
}

/** Visits values and imports; of types, only the imports in them. */
function walk(node: Node, visit: (node: Node) => void, inType = false): void {
  const typed = inType || isType(node);
  if (!typed || node.type === 'TSImportType') visit(node);
  for (const [key, child] of Object.entries(node)) {
    if (isPropertyName(node, key)) continue;
    for (const each of Array.isArray(child) ? child : [child]) if (isNode(each)) walk(each, visit, typed);
  }
}

/** TypeScript's wrappers around a value: `x as T`, `x satisfies T`, `f<T>`. */
const WRAPPERS = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSInstantiationExpression']);
const isType = (node: Node) => node.type.startsWith('TS') && !WRAPPERS.has(node.type);

function isPropertyName({ type, computed }: Node, key: string): boolean {
  if (type === 'MemberExpression') return key === 'property' && computed !== true;
  const named = type === 'Property' || type === 'MethodDefinition' || type === 'PropertyDefinition';
  return named && key === 'key' && computed !== true;
}

function nameOf(node: Node): string | undefined {
  if (node.type === 'Identifier') return String(node.name);
  if (node.type !== 'MemberExpression' || !isNode(node.object) || !isNode(node.property)) return undefined;
  return node.computed === true ? undefined : `${node.object.name}.${node.property.name}`;
}

function importOf(node: Node): Import | undefined {
  if (!isNode(node.source) || typeof node.source.value !== 'string') return undefined;
  const from = node.source.value;
  const typeOnly = node.type === 'TSImportType' || isErased(node);
  return { from, typeOnly, lazy: node.type === 'ImportExpression' };
}

/** A statement that type stripping removes altogether. */
function isErased(node: Node): boolean {
  if (node.type === 'TSInterfaceDeclaration' || node.type === 'TSTypeAliasDeclaration') return true;
  if (node.importKind === 'type' || node.exportKind === 'type' || node.declare === true) return true;
  // An import for its effects has no names, and stays; `export {}` only says that the file is a module.
  if (node.type === 'EmptyStatement') return true;
  if (node.type !== 'ExportNamedDeclaration' || isNode(node.declaration)) return false;
  return Array.isArray(node.specifiers) && node.specifiers.length === 0 && !isNode(node.source);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

/** The path of the file behind a relative import; undefined for a package. */
export function resolveImport(importer: string, from: string): string | undefined {
  return from.startsWith('.') ? posix.join(posix.dirname(importer), from) : undefined;
}

/** Every file and package that is loaded when `entry` is, sooner or later, or at once; types left out. */
export function loadedFrom(
  entry: string,
  files: readonly SourceFile[],
  when: 'ever' | 'at once' = 'ever',
): Set<string> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const { from, typeOnly, lazy } of byPath.get(name)?.imports ?? [])
      if (!typeOnly && !(lazy && when === 'at once')) visit(resolveImport(name, from) ?? from);
  };
  visit(entry);
  return seen;
}
