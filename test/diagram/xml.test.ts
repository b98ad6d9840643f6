import { describe, expect, it } from 'vitest';
import { escapeXml } from '../../src/diagram/xml.ts';

describe('text in XML', () => {
  it('cannot leave its element or attribute', () => {
    expect(escapeXml(`<b a='x'>"&amp;"</b>`)).toBe('&lt;b a=&#39;x&#39;&gt;&quot;&amp;amp;&quot;&lt;/b&gt;');
  });

  it('has no character that XML forbids', () => {
    expect(escapeXml('\u0000\u000b\uffff')).toBe('\\u{0}\\u{b}\\u{ffff}');
  });
});
