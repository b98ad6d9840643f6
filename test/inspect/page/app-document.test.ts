import { expect, it } from 'vitest';
import { appDocument, newToken } from '../../../src/inspect/page/app-document.ts';

const template =
  '<meta content="%TOKEN%" /><style nonce="%NONCE%">a {}</style><script nonce="%NONCE%">say(\' nonce="%NONCE%" %TOKEN%\')</script>';

it('a document has its token, and no nonce where there is none', () => {
  expect(appDocument(template, { token: 'abc', nonce: undefined })).toBe(
    '<meta content="abc" /><style>a {}</style><script>say(\' nonce="%NONCE%" %TOKEN%\')</script>',
  );
});

it('a nonce is that of the style and of the script, whose text stays as its hash was taken of', () => {
  expect(appDocument(template, { token: 'abc', nonce: 'xyz=' })).toBe(
    '<meta content="abc" /><style nonce="xyz=">a {}</style><script nonce="xyz=">say(\' nonce="%NONCE%" %TOKEN%\')</script>',
  );
});

it.each(['', '<style nonce="%NONCE%">', 'x nonce="%NONCE%" y nonce="%NONCE%"'])(
  'what is no template is refused: %j',
  (text) => {
    expect(() => appDocument(text, { token: 'abc', nonce: undefined })).toThrow(TypeError);
  },
);

it('tokens are 128 bits, and never the same', () => {
  const tokens = new Set(Array.from({ length: 100 }, newToken));
  expect(tokens.size).toBe(100);
  expect([...tokens].every((token) => /^[0-9a-f]{32}$/.test(token))).toBe(true);
});
