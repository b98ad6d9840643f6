/** Reads what a person drops or chooses: text files, folders of them; and says of the rest why it was refused. */
export interface TextFile {
  /** Folder and name, as they were dropped: `notes/ada.md`. */
  readonly path: string;
  readonly text: string;
  /** Bytes. */
  readonly size: number;
}

export interface Refusal {
  readonly path: string;
  /** Goes on the sentence "notes/ada.png …". */
  readonly reason: string;
}

export interface Drop {
  readonly files: readonly TextFile[];
  readonly refused: readonly Refusal[];
}

/** Of one drop: files, and bytes of each. */
export const MAX_FILES = 200;
export const MAX_BYTES = 1_000_000;
/** Nobody asks questions about these, and they are too many. */
const LEFT_OUT = new Set(['node_modules', '.git', '.svn', '.hg']);

interface Found {
  readonly path: string;
  file(): Promise<File>;
}

/** To be called while the drop event is handled: afterwards its files cannot be reached any more. */
export async function readDrop(transfer: DataTransfer): Promise<Drop> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const found: Found[] = [];
  for (const entry of entries) await collect(entry, entry.name, found);
  return readAll(found);
}

/** What a file input holds. */
export function readChosen(files: Iterable<File>): Promise<Drop> {
  const found = Array.from(files, (file) => ({
    path: file.webkitRelativePath || file.name,
    file: async () => file,
  }));
  return readAll(found);
}

async function collect(entry: FileSystemEntry, path: string, found: Found[]): Promise<void> {
  if (found.length > MAX_FILES || LEFT_OUT.has(entry.name)) return;
  if (isFile(entry)) {
    found.push({ path, file: () => new Promise((resolve, reject) => entry.file(resolve, reject)) });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const next = () => new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
  // A folder is read in pieces, the last of which is empty.
  for (let piece = await next(); piece.length > 0; piece = await next())
    for (const inner of piece) await collect(inner, `${path}/${inner.name}`, found);
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

async function readAll(found: readonly Found[]): Promise<Drop> {
  const files: TextFile[] = [];
  const refused: Refusal[] = [];
  for (const each of found.slice(0, MAX_FILES)) {
    const read = await readText(each);
    if ('text' in read) files.push(read);
    else refused.push(read);
  }
  for (const { path } of found.slice(MAX_FILES))
    refused.push({
      path,
      reason: `was left out: at most ${MAX_FILES} files at once. Drop the rest by themselves.`,
    });
  return { files, refused };
}

async function readText({ path, file }: Found): Promise<TextFile | Refusal> {
  try {
    const { size, ...content } = await contentOf(await file());
    if (size > MAX_BYTES)
      return {
        path,
        reason: `is too large: ${megabytes(size)}, and at most ${megabytes(MAX_BYTES)} can be searched.`,
      };
    if (content.text === undefined)
      return { path, reason: 'is no text: only text files, in UTF-8, can be searched.' };
    return { path, text: content.text, size };
  } catch {
    return { path, reason: 'could not be read. It may have been moved or deleted; try again.' };
  }
}

/** Without a text when it is too large, or something else than text. */
async function contentOf(file: File): Promise<{ size: number; text?: string }> {
  const { size } = file;
  if (size > MAX_BYTES) return { size };
  const bytes = await file.arrayBuffer();
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? { size } : { size, text };
  } catch {
    return { size };
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
