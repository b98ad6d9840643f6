import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { fileNames } from '../../src/cli/file-name.ts';
import { isSessionError, type SessionError } from '../../src/errors.ts';
import { defaults } from '../../src/settings.ts';
import {
  checkDocument,
  formatDocument,
  fromSaved,
  MAX_DOCUMENT_LENGTH,
  parseDocument,
  toSaved,
} from '../../src/store/document.ts';
import { thawed } from '../support/frozen.ts';
import { root } from '../support/source-tree.ts';
import { documentOf, spoiled } from './documents.ts';

function refusalOf(text: string): SessionError {
  try {
    parseDocument(text);
  } catch (error) {
    if (isSessionError(error)) return error;
    throw error;
  }
  throw new Error(`${text.slice(0, 200)} was taken`);
}

const raise = (error: Error): never => {
  throw error;
};

describe('a document', () => {
  it('comes back from its text as it was, frozen all the way down', () => {
    const parsed = parseDocument(formatDocument(documentOf()));
    expect(parsed).toEqual(documentOf());
    expect(thawed(parsed)).toBeUndefined();
    expect(parseDocument(formatDocument(parsed))).toEqual(parsed);
  });

  it('is a copy: what is changed afterwards in what it was read from changes nothing', () => {
    const given = JSON.parse(formatDocument(documentOf()));
    const document = checkDocument(given);
    given.data.workingContext[0][1].push('more');
    given.metadata.owner = 'you';
    expect(document).toEqual(documentOf());
  });

  it('is text with a line for each value and a line feed at the end', () => {
    const lines = formatDocument(documentOf()).split('\n');
    expect(lines.slice(0, 5)).toEqual([
      '{',
      '  "format": "chartroom.session",',
      '  "version": 1,',
      '  "id": "ada",',
      '  "savedAt": "2026-01-01T00:00:00.000Z",',
    ]);
    expect(lines.slice(-2)).toEqual(['}', '']);
  });

  it('is what lies on the saved shelf, and one word more', () => {
    const { format, ...rest } = documentOf();
    expect(toSaved(documentOf())).toEqual(rest);
    expect(fromSaved(toSaved(documentOf()))).toEqual({ format, ...rest });
  });
});

describe('what is no document', () => {
  it.each([
    ['', /^The document is not JSON: /],
    ['{"format":', /^The document is not JSON: /],
    ['null', 'document must be a saved session, with "format": "chartroom.session"; received null.'],
    ['[]', 'document must be a saved session, with "format": "chartroom.session"; received an array.'],
    ['"chartroom.session"', /^document must be a saved session/],
    ['{}', 'document must be a saved session, with "format": "chartroom.session"; received an object.'],
    [
      '{"format":"chartroom.trace"}',
      'document.format must be a saved session, with "format": "chartroom.session"; received the string "chartroom.trace".',
    ],
    ['{"format":"chartroom.session"}', 'document.version must be an integer from 1; received undefined.'],
  ])('%s is refused', (text, message) => {
    const error = refusalOf(text);
    expect(error.code).toBe('INVALID_ARGUMENT');
    expect(error.message).toMatch(message);
    expect(error.details?.path).toMatch(/^document/);
  });

  it('a value that is no text is refused', () => {
    expect(() => parseDocument(documentOf() as never)).toThrow(
      'document must be JSON text; received an object.',
    );
  });

  it('a text nested without end is refused, and nothing overflows', () => {
    expect(refusalOf(`${'['.repeat(100_000)}${']'.repeat(100_000)}`).code).toBe('INVALID_ARGUMENT');
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const text = spoiled((document) => {
      document.metadata = 'DEEP';
    }).replace('"DEEP"', `{"a":${deep}}`);
    expect(refusalOf(text).message).toMatch(/^document\.metadata\.a\S+ must be JSON at most 64 levels deep;/);
  });

  it('a text that is longer than any document is refused before it is read', () => {
    const error = refusalOf('x'.repeat(MAX_DOCUMENT_LENGTH + 1));
    const details = { path: 'document', limit: MAX_DOCUMENT_LENGTH, actual: MAX_DOCUMENT_LENGTH + 1 };
    expect(error).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', details });
    expect(error.message).toBe('A document has 268435456 characters at most; this one has 268435457.');
  });

  it('a text that is just as long as a document may be is read', () => {
    expect(refusalOf('x'.repeat(MAX_DOCUMENT_LENGTH)).code).toBe('INVALID_ARGUMENT');
  });

  it.each<[what: string, actual: number | undefined, received: string, stringify: () => string]>([
    [
      'longer than any string',
      undefined,
      'more than any string can hold',
      () => raise(new RangeError('Invalid string length')),
    ],
    [
      'longer than what is read',
      MAX_DOCUMENT_LENGTH + 1,
      '268435457',
      () => 'x'.repeat(MAX_DOCUMENT_LENGTH + 1),
    ],
  ])('a document %s is not written', (_what, actual, received, stringify) => {
    const document = documentOf();
    const spy = vi.spyOn(JSON, 'stringify').mockImplementation(stringify);
    let error: unknown;
    try {
      formatDocument(document);
    } catch (thrown) {
      error = thrown;
    } finally {
      spy.mockRestore();
    }
    expect(error).toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
      message: `A document has 268435456 characters at most; this one has ${received}.`,
    });
    const { details } = error as SessionError;
    expect(details).toEqual({
      path: 'document',
      limit: MAX_DOCUMENT_LENGTH,
      ...(actual !== undefined && { actual }),
    });
  });

  it('what else goes wrong in writing is not said to be its length', () => {
    const spy = vi.spyOn(JSON, 'stringify').mockImplementation(() => raise(new TypeError('a cycle')));
    try {
      expect(() => formatDocument(documentOf())).toThrow('a cycle');
    } finally {
      spy.mockRestore();
    }
  });
});

describe('a version', () => {
  it('that is newer is refused as such, whatever else has changed, and says what to do', () => {
    const error = refusalOf('{"format":"chartroom.session","version":2,"whole":"new"}');
    expect(error).toMatchObject({
      code: 'STORE_VERSION',
      message: 'The document has version 2; this version of chartroom reads 1. Update chartroom.',
      details: { path: 'document.version', expected: 1, received: 2 },
    });
  });

  it.each([0, -1, 1.5, '1', null])('of %j is none', (version) => {
    const error = refusalOf(JSON.stringify({ ...documentOf(), version }));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', details: { path: 'document.version' } });
  });
});

describe('a field of the document', () => {
  it.each([
    ['savedAt', 'yesterday'],
    ['savedAt', '2026-01-01'],
    ['savedAt', '2026-02-31T00:00:00.000Z'],
    ['savedAt', 0],
    ['messageCount', '2'],
    ['messageCount', -1],
    ['messageCount', 3],
    ['metadata', []],
    ['metadata', null],
    ['metadata', { owner: 'you' }],
    ['metadata', {}],
    ['data', null],
    ['data', []],
  ])('%s as %j is refused by its name', (field, value) => {
    const error = refusalOf(JSON.stringify({ ...documentOf(), [field]: value }));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', details: { path: `document.${field}` } });
    expect(error.message).toContain(`document.${field} must be `);
  });

  it.each(['savedAt', 'messageCount', 'metadata', 'data'] as const)('%s may not be missing', (field) => {
    const { [field]: _, ...rest } = documentOf();
    expect(refusalOf(JSON.stringify(rest)).details?.path).toBe(`document.${field}`);
  });

  it.each(['comment', '__proto__', 'constructor'])('that it does not have, %s, is refused', (field) => {
    const error = refusalOf(formatDocument(documentOf()).replace('{', `{"${field}": {},`));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', details: { path: `document["${field}"]` } });
    expect(error.message).toContain(`document has a field "${field}" that is not in the format`);
  });

  it('metadata is the same in both places, whatever the order of its keys', () => {
    const text = spoiled((document, data) => {
      document.metadata = { a: [1, { b: 2, c: 3 }], d: null };
      data.metadata = { d: null, a: [1, { c: 3, b: 2 }] };
    });
    expect(parseDocument(text).metadata).toEqual({ a: [1, { b: 2, c: 3 }], d: null });
  });
});

describe('an id', () => {
  it.each([
    '',
    '.',
    '..',
    '../x',
    '/etc/passwd',
    'a/b',
    'a\\b',
    'C:\\x',
    '.hidden',
    'nul\0',
    '\ud800',
    '__proto__',
    'x'.repeat(129),
    7,
    null,
    ['ada'],
  ])('%j is refused', (id) => {
    const error = refusalOf(JSON.stringify({ ...documentOf(), id }));
    expect(error).toMatchObject({ code: 'INVALID_SESSION_ID', details: { path: 'document.id' } });
    expect(error.message).toMatch(/^document\.id: A session id must be/);
  });

  it.each(['constructor', 'toString', 'a:b', '-', 'x'.repeat(128)])('%j is taken', (id) => {
    expect(parseDocument(formatDocument(documentOf(id))).id).toBe(id);
  });
});

describe('docs/session-document.md', () => {
  const text = readFileSync(`${root}/docs/session-document.md`, 'utf8');
  const [, example = ''] = text.match(/^```json\n(.*?)^```$/ms) ?? [];

  it('shows a document that is one', () => {
    const document = parseDocument(example);
    expect(parseDocument(formatDocument(document))).toEqual(JSON.parse(example));
  });

  it('names every field of the format, and none that is not', () => {
    const rows = [...text.matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/\w+/g)].map(([name]) => name),
    );
    const { data, ...rest } = parseDocument(example);
    const [message] = data.conversation[0] ?? [];
    const optional = ['toolCallId', 'metadata'];
    const fields = [rest, { data }, data, message ?? {}].flatMap((each) => Object.keys(each));
    // `data` has a section of its own.
    expect(new Set([...rows, 'data'])).toEqual(new Set([...fields, ...optional]));
  });

  it('gives the limits that hold', () => {
    const { maxMessageBytes, maxMetadataBytes } = defaults.limits;
    for (const limit of [MAX_DOCUMENT_LENGTH, maxMessageBytes, maxMetadataBytes])
      expect(text).toContain(limit.toLocaleString('en'));
  });

  it('gives file names that are', () => {
    const names = [...fileNames(['room:1', 'con']).values()];
    for (const name of names) expect(text).toContain(`\`${name}\``);
  });
});
