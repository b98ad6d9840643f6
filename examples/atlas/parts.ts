import type { SourceFile } from './folder.ts';

/** The share of the folder that one session looks after. */
export interface Part {
  /** A session id: its number, then its name in the characters an id may have. */
  readonly id: string;
  /** The sub-folder it covers; numbered when several cover the same. */
  readonly name: string;
  /** Never empty. */
  readonly files: readonly SourceFile[];
}

/**
 * Splits files into exactly `count` parts along the sub-folders, as even as these allow. With fewer files
 * than parts, several parts hold the same file.
 */
export function partsOf(files: readonly SourceFile[], count: number): readonly Part[] {
  const groups = files.length < count ? sharedGroups(files, count) : splitGroups(files, count);
  const names = groups.map(nameOf);
  const width = String(count).length;
  return groups.map((group, index) => {
    const name = names[index] ?? '.';
    const twins = names.filter((other) => other === name).length;
    const before = names.slice(0, index + 1).filter((other) => other === name).length;
    const number = String(index + 1).padStart(Math.max(2, width), '0');
    const slug = name === '.' ? 'root' : name.replaceAll('/', ':').replace(/[^A-Za-z0-9_.:-]/g, '-');
    return {
      id: `${number}:${slug}`.slice(0, 128),
      name: twins > 1 ? `${name} #${before}` : name,
      files: group,
    };
  });
}

type Group = readonly SourceFile[];

function sharedGroups(files: Group, count: number): Group[] {
  return Array.from({ length: count }, (_, index) =>
    files.slice(index % files.length, (index % files.length) + 1),
  );
}

/** Always splits the largest group in two, so it ends at exactly `count`. */
function splitGroups(files: Group, count: number): Group[] {
  const groups: Group[] = [files];
  while (groups.length < count) {
    const largest = groups.reduce((best, group, index) => {
      return group.length > (groups[best]?.length ?? 0) ? index : best;
    }, 0);
    groups.splice(largest, 1, ...splitInTwo(groups[largest] ?? []));
  }
  return groups.sort((a, b) => compare(nameOf(a), nameOf(b)) || compare(a[0]?.path ?? '', b[0]?.path ?? ''));
}

/** Takes the largest sub-folder out; where there is none, halves the files in order. */
function splitInTwo(group: Group): [Group, Group] {
  const prefix = folderOf(group);
  const subfolderOf = ({ path }: SourceFile) => path.slice(prefix.length).split('/').slice(0, -1)[0];
  const { '': _loose, ...subfolders } = Object.groupBy(group, (file) => subfolderOf(file) ?? '');
  const [largest] = Object.values(subfolders).sort((a, b) => (b?.length ?? 0) - (a?.length ?? 0));
  if (largest === undefined) {
    const middle = Math.ceil(group.length / 2);
    return [group.slice(0, middle), group.slice(middle)];
  }
  const taken = new Set(largest);
  return [largest, group.filter((file) => !taken.has(file))];
}

function nameOf(group: Group): string {
  const [only] = group;
  if (group.length === 1 && only !== undefined) return only.path;
  return folderOf(group).replace(/\/$/, '') || '.';
}

/** The folder that all files of a group are in, with its slash; '' at the top. */
function folderOf(group: Group): string {
  const [first, ...others] = group.map(({ path }) => path.split('/').slice(0, -1));
  const shared = (first ?? []).findIndex((name, depth) => others.some((folders) => folders[depth] !== name));
  const folders = (first ?? []).slice(0, shared < 0 ? undefined : shared);
  return folders.map((name) => `${name}/`).join('');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
