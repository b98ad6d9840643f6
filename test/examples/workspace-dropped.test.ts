import { expect, it } from 'vitest';
import { MAX_BYTES, MAX_FILES, readChosen, readDrop } from '../../examples/workspace/shared/dropped.ts';

const file = (name: string, ...parts: BlobPart[]) => new File(parts, name);

it('reads text in UTF-8', async () => {
  expect(await readChosen([file('a.md', 'Zoë\n')])).toEqual({
    files: [{ path: 'a.md', text: 'Zoë\n', size: 5 }],
    refused: [],
  });
});

it('reads an empty file', async () => {
  expect((await readChosen([file('empty.txt')])).files).toEqual([{ path: 'empty.txt', text: '', size: 0 }]);
});

it.each([
  ['a picture', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff]), /is no text/],
  ['text with NUL', 'a\0b', /is no text/],
  ['a text that is too large', 'x'.repeat(MAX_BYTES + 1), /is too large: 1.0 MB/],
])('refuses %s, and says why', async (_what, content, reason) => {
  const { files, refused } = await readChosen([file('x', content), file('y', 'yes')]);
  expect(files.map(({ path }) => path)).toEqual(['y']);
  expect(refused).toEqual([{ path: 'x', reason: expect.stringMatching(reason) }]);
});

it('says of a file that is gone by now that it could not be read', async () => {
  const gone = file('gone.txt', 'x');
  gone.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotFoundError'));
  expect((await readChosen([gone])).refused[0]?.reason).toMatch(/could not be read/);
});

it('takes so many files at once and no more', async () => {
  const many = Array.from({ length: MAX_FILES + 1 }, (_, n) => file(`${n}.txt`, 'x'));
  const { files, refused } = await readChosen(many);
  expect(files).toHaveLength(MAX_FILES);
  expect(refused[0]?.reason).toMatch(/at most 200 files at once/);
});

/** What a browser gives of a folder that is dropped: its entries come in pieces. */
function folder(name: string, ...inner: object[]): object {
  return {
    name,
    isFile: false,
    createReader: () => {
      const left = [...inner];
      return { readEntries: (tell: (piece: object[]) => void) => tell(left.splice(0, 2)) };
    },
  };
}
const entry = (name: string, text: string) => ({
  name,
  isFile: true,
  file: (tell: (file: File) => void) => tell(file(name, text)),
});

it('reads a folder to its depths, without what belongs to tools', async () => {
  const dropped = folder(
    'app',
    entry('a.ts', 'a'),
    folder('node_modules', entry('huge.js', '')),
    folder('src', entry('b.ts', 'b'), folder('.git', entry('HEAD', ''))),
  );
  const transfer = { items: [{ webkitGetAsEntry: () => dropped }, { webkitGetAsEntry: () => null }] };
  const { files } = await readDrop(transfer as unknown as DataTransfer);
  expect(files.map(({ path }) => path)).toEqual(['app/a.ts', 'app/src/b.ts']);
});
