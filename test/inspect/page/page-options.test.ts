import { describe, expect, it } from 'vitest';
import { type OpenInspectorOptions, resolvePageOptions } from '../../../src/inspect/page/page-options.ts';
import { codeThrown } from '../../support/errors.ts';

const element = { nodeType: 1, ownerDocument: { defaultView: {} } } as unknown as HTMLElement;

describe('the options of an inspector in a page', () => {
  it('have defaults: a window, nothing allowed, nothing hidden', () => {
    expect(resolvePageOptions(undefined)).toEqual({
      into: undefined,
      allow: [],
      redact: [],
      nonce: undefined,
    });
  });

  it('are taken as they are', () => {
    const options = { into: element, allow: ['kill'], redact: ['messages'], nonce: 'q8+/_-A=' } as const;
    expect(resolvePageOptions(options)).toEqual(options);
  });

  it.each([
    ['an element that is none', { into: '#dock' }],
    ['an element of no window', { into: { nodeType: 1, ownerDocument: { defaultView: null } } }],
    ['a text node', { into: { ...element, nodeType: 3 } }],
    ['no element at all', { into: null }],
    ['an action that is none', { allow: ['delete'] }],
    ['a path that is none', { redact: ['a..b'] }],
    ['a nonce that would end its attribute', { nonce: '"><script>' }],
    ['an empty nonce', { nonce: '' }],
    ['an option of the other inspector', { port: 4040 }],
  ])('are refused for %s', (_name, options) => {
    expect(codeThrown(() => resolvePageOptions(options as unknown as OpenInspectorOptions))).toBe(
      'INVALID_ARGUMENT',
    );
  });
});
