import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asFileError, checkFree, FileError, readText, syncFolder, writeWhole } from '../../src/cli/files.ts';
import { scratchFolder } from '../store/media.ts';

function refusalOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof FileError) return error.message;
    throw error;
  }
  throw new Error('it was done');
}

const read = (path: string) => readFileSync(path, 'utf8');

describe('writing a file', () => {
  it('puts the whole text under its name, and leaves nothing else behind', () => {
    const folder = scratchFolder();
    const path = join(folder, 'a.json');
    writeWhole(path, 'text');
    expect([readdirSync(folder), read(path)]).toEqual([['a.json'], 'text']);
  });

  it('replaces what is there only when it is told to', () => {
    const folder = scratchFolder();
    const path = join(folder, 'a.json');
    writeFileSync(path, 'old');
    expect(refusalOf(() => writeWhole(path, 'new'))).toBe(`${path} is there already; --force replaces it.`);
    expect(read(path)).toBe('old');
    writeWhole(path, 'new', { force: true });
    expect([readdirSync(folder), read(path)]).toEqual([['a.json'], 'new']);
  });

  it('of a link replaces the link, and not what lies at its end', () => {
    const folder = scratchFolder();
    const [victim, link] = [join(scratchFolder(), 'victim'), join(folder, 'a.json')];
    writeFileSync(victim, 'precious');
    symlinkSync(victim, link);
    expect(refusalOf(() => writeWhole(link, 'new'))).toContain('is there already');
    writeWhole(link, 'new', { force: true });
    expect([read(victim), read(link), fs.lstatSync(link).isSymbolicLink()]).toEqual([
      'precious',
      'new',
      false,
    ]);
  });

  it('does not follow a link that leads nowhere', () => {
    const [target, link] = [join(scratchFolder(), 'new'), join(scratchFolder(), 'a.json')];
    symlinkSync(target, link);
    expect(refusalOf(() => writeWhole(link, 'x'))).toContain('is there already');
    expect(fs.existsSync(target)).toBe(false);
  });

  it('never takes the place of a folder or a device', () => {
    const folder = scratchFolder();
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const force of [false, true]) {
      expect(refusalOf(() => checkFree(folder, force))).toBe(`${folder} is a folder; name a file in it.`);
      expect(refusalOf(() => writeWhole(pipe, 'x', { force }))).toBe(`${pipe} is no regular file.`);
    }
  });

  it('says where there is no such folder, and leaves nothing behind', () => {
    const folder = scratchFolder();
    const path = join(folder, 'missing', 'a.json');
    expect(refusalOf(() => writeWhole(path, 'x'))).toBe(
      `${path} could not be written: there is no such file or folder.`,
    );
    writeFileSync(join(folder, 'file'), '');
    expect(refusalOf(() => writeWhole(join(folder, 'file', 'a'), 'x'))).toMatch(/is not a folder\.$/);
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('that fails leaves nothing behind', () => {
    const folder = scratchFolder();
    expect(refusalOf(() => writeWhole(join(folder, 'x'.repeat(300)), 'x'))).toMatch(
      /the name is too long\.$/,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is settled in its folder, where there is one', () => {
    expect(() => syncFolder(scratchFolder())).not.toThrow();
    expect(() => syncFolder('/missing/folder')).not.toThrow();
  });
});

describe('reading a document', () => {
  it('gives its text, without the mark that some editors put before it', () => {
    const path = join(scratchFolder(), 'a.json');
    writeFileSync(path, '\ufeff{"a":"ü"}');
    expect(readText(path)).toBe('{"a":"ü"}');
  });

  it.each([
    ['bytes that are no text', Buffer.from([0x7b, 0xff, 0xfe]), /is no document: it is not UTF-8 text\.$/],
    ['half a character', Buffer.from('"ü').subarray(0, 2), /is not UTF-8 text\.$/],
  ])('refuses %s', (_what, bytes, says) => {
    const path = join(scratchFolder(), 'a.json');
    writeFileSync(path, bytes);
    expect(refusalOf(() => readText(path))).toMatch(says);
  });

  it('refuses what is larger than any document before it is read', () => {
    const path = join(scratchFolder(), 'a.json');
    writeFileSync(path, '');
    truncateSync(path, 2 ** 30);
    expect(refusalOf(() => readText(path))).toBe(`${path} has 1073741824 bytes, more than any document has.`);
  });

  it('says what is in the way', () => {
    const folder = scratchFolder();
    expect(refusalOf(() => readText(join(folder, 'a')))).toMatch(/there is no such file or folder\.$/);
    mkdirSync(join(folder, 'b'));
    expect(refusalOf(() => readText(join(folder, 'b')))).toMatch(/it is a folder\.$/);
  });
});

describe('an error of the file system', () => {
  it('is said in words, by its code where there are none', () => {
    const error = (code: string) => Object.assign(new Error('x'), { code });
    expect(asFileError(error('ENOSPC'), 'a', 'written')).toMatchObject({
      message: 'a could not be written: the disk is full.',
      cause: { code: 'ENOSPC' },
    });
    expect(asFileError(error('EWEIRD'), 'a', 'read')).toMatchObject({
      message: 'a could not be read: EWEIRD.',
    });
  });

  it('is left alone when it is another', () => {
    const mistake = new RangeError('x');
    const own = new FileError('y');
    expect([asFileError(mistake, 'a', 'read'), asFileError(own, 'a', 'read')]).toEqual([mistake, own]);
  });
});
