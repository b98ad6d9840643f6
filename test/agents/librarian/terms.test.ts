import { describe, expect, it } from 'vitest';
import { partsOf, rootOf, stem, termsOf, termsOfQuestion } from '../../../src/agents/librarian/terms.ts';

describe('the parts of a word', () => {
  it.each([
    ['sessionError', ['session', 'error']],
    ['SessionError', ['session', 'error']],
    ['session_error', ['session', 'error']],
    ['SESSION_NOT_FOUND', ['session', 'not', 'found']],
    ['parseHTTPRequest', ['parse', 'http', 'request']],
    ['sha256Digest', ['sha256', 'digest']],
    ['__proto__', ['proto']],
    ['größteZahl', ['größte', 'zahl']],
    ['plain', ['plain']],
    ['$', []],
  ])('%s', (word, parts) => {
    expect(partsOf(word)).toEqual(parts);
  });
});

describe('the stem', () => {
  it.each([
    ['session', 'sessions'],
    ['spawn', 'spawned', 'spawning', 'spawns'],
    ['cache', 'cached', 'caching', 'caches'],
    ['query', 'queries'],
    ['stop', 'stopped', 'stopping', 'stops'],
    ['file', 'files', 'filing'],
    ['terminate', 'terminated', 'terminating', 'termination'],
    ['pass', 'passes', 'passed', 'passing'],
    ['connect', 'connected', 'connection', 'connections'],
  ])('is one for %s and its forms', (...forms) => {
    expect(new Set(forms.map(stem)).size).toBe(1);
  });

  it.each([
    ['string', 'str'],
    ['thing', 'th'],
    ['status', 'stat'],
    ['class', 'clas'],
    ['need', 'ne'],
    ['basis', 'basi'],
    ['ion', ''],
    ['tree', 'tre'],
  ])('of %s is not %s', (word, wrong) => {
    expect(stem(word)).not.toBe(wrong);
  });

  it('has a root that every form of the word contains, which the quick test of a line relies on', () => {
    const forms = 'query queries try tries running run caches stopped busy buses passes creation dying boxes';
    for (const form of forms.split(' ')) expect(form).toContain(rootOf(stem(form)));
  });
});

describe('the terms of a word', () => {
  it('are its own and those of its parts, so that one spelling finds another', () => {
    expect(termsOf('SessionError')).toEqual(['sessionerror', stem('session'), 'error']);
    expect(termsOf('session_errors')).toEqual(termsOf('sessionError'));
    expect(termsOf('errors')).toEqual(['error']);
    expect(termsOf('_')).toEqual([]);
  });
});

describe('the terms of a question', () => {
  const words = (question: string) => termsOfQuestion(question).words.map(({ word }) => word);

  it('leave out the words that carry no subject', () => {
    expect(words('Where do we spawn the agent of a session?')).toEqual(['spawn', 'agent', 'session']);
  });

  it('leave out words about the search while there are others, and keep them when they are all there is', () => {
    expect(words('In which file is Foo defined and used?')).toEqual(['Foo']);
    expect(words('Where are files defined?')).toEqual(['files', 'defined']);
  });

  it('hold each word once, whatever its form', () => {
    expect(words('session sessions Session, error')).toEqual(['session', 'error']);
  });

  it('tell a question for a definition from another', () => {
    expect(termsOfQuestion('Where is Foo defined?').asksForDefinition).toBe(true);
    expect(termsOfQuestion('Who calls Foo?').asksForDefinition).toBe(false);
  });

  it('are none for a question without a word', () => {
    expect(words('')).toEqual([]);
    expect(words('what is this??')).toEqual([]);
  });
});
