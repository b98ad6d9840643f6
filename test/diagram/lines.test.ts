import { describe, expect, it } from 'vitest';
import type { Line } from '../../src/diagram/label.ts';
import { drawLine } from '../../src/diagram/lines.ts';

const line = (own: Partial<Line> = {}): Line => ({
  pieces: [
    { text: 'PAY', style: 'cause' },
    { text: '[a<b]', style: 'guard' },
  ],
  indent: 0,
  width: 60,
  ...own,
});

describe('a line of words', () => {
  it('has each piece in its own style, escaped', () => {
    const svg = drawLine(line(), { x: 10, y: 20 });
    expect(svg).toContain('<tspan class="cause">PAY</tspan><tspan class="guard"> [a&lt;b]</tspan>');
    expect(svg).toMatch(/^<text x="10" y="32.5" /);
  });

  it('takes the room that it was given, whichever font it is shown in', () => {
    expect(drawLine(line(), { x: 0, y: 0 })).toMatch(
      / textLength="\d+(\.\d)?" lengthAdjust="spacingAndGlyphs"/,
    );
  });

  it('of a name is bold', () => {
    expect(drawLine(line({ pieces: [{ text: 'idle', style: 'name' }] }), { x: 0, y: 0 })).toMatch(
      /^<text class="name".*>idle<\/text>$/,
    );
  });

  it.each(['clock', 'actor', 'final'] as const)('has its mark before it: %s', (mark) => {
    const svg = drawLine(line({ mark, indent: 16 }), { x: 0, y: 0 });
    expect(svg).toMatch(new RegExp(`^<(path|circle) class="mark ${mark}".*<text x="16"`));
  });
});
