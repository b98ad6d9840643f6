import { describe, expect, it } from 'vitest';
import {
  contentOf,
  eventOf,
  objectOf,
  wrongWith,
} from '../../../visualizations/inspector/src/act/json-field.ts';

describe('the content of a message', () => {
  it.each([
    ['hello', 'hello'],
    ['  7 ', '  7 '],
    ['[{"type": "text", "text": "hi"}]', [{ type: 'text', text: 'hi' }]],
    ['[not json', '[not json'],
    ['"quoted"', '"quoted"'],
  ])('%j is %j', (text, content) => {
    expect(contentOf(text)).toEqual(content);
  });
});

describe('an object', () => {
  it('is empty without a text', () => {
    expect(objectOf(' ')).toEqual({});
    expect(objectOf('{"a": 1}')).toEqual({ a: 1 });
  });

  it.each(['[1]', 'null', '"a"', '7'])('is not %s', (text) => {
    expect(() => objectOf(text)).toThrow('A JSON object was expected');
  });

  it('is not what is no JSON, and that is said in a field', () => {
    expect(wrongWith(objectOf)('{"a"')).toContain('This is not JSON');
    expect(wrongWith(objectOf)('{}')).toBeUndefined();
  });
});

describe('an event', () => {
  it('is its type, or an object with one', () => {
    expect(eventOf(' agent.ping ')).toEqual({ type: 'agent.ping' });
    expect(eventOf('{"type": "ask", "n": 1}')).toEqual({ type: 'ask', n: 1 });
  });

  it.each(['', '{}', '{"type": 7}', '{"type": ""}'])('is not %j', (text) => {
    expect(() => eventOf(text)).toThrow('An event has a type');
  });
});
