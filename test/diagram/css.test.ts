import { describe, expect, it } from 'vitest';
import { diagramCss, diagramPalettes, rulesOf } from '../../src/diagram/css.ts';

/** Contrast of WCAG 2.2 between two colours `#rrggbb`. */
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe('the rules of a drawing', () => {
  it('are all behind the class of its theme, so that they touch nothing else on a page', () => {
    for (const theme of ['light', 'dark', 'css'] as const)
      for (const rule of rulesOf(theme).split('\n'))
        for (const selector of rule.slice(0, rule.indexOf('{')).split(','))
          expect(selector.trim()).toMatch(new RegExp(`^\\.chartroom-diagram\\.${theme} `));
  });

  it('of a picture have colours, not custom properties, which few other programs than browsers know', () => {
    for (const theme of ['light', 'dark'] as const) expect(rulesOf(theme)).not.toContain('var(');
    expect(rulesOf('dark')).toContain(diagramPalettes.dark['--diagram-state']);
  });

  it('of a page take every colour from a custom property, and are light without', () => {
    const used = [...diagramCss.matchAll(/var\((--[a-z-]+), (#[0-9a-f]{6})\)/g)];
    expect(new Set(used.map(([, name]) => name))).toEqual(new Set(Object.keys(diagramPalettes.light)));
    for (const [, name, value] of used) expect(diagramPalettes.light[name as '--diagram-text']).toBe(value);
    expect(diagramCss.replace(/var\([^)]*\)/g, '')).not.toMatch(/#[0-9a-f]{3}/);
  });
});

describe('the colours', () => {
  const texts = ['name', 'text', 'muted', 'guard', 'actor'] as const;
  const grounds = ['state', 'compound', 'machine', 'plate', 'active-state', 'active-compound'] as const;

  it('have the same names in both themes', () => {
    expect(Object.keys(diagramPalettes.dark)).toEqual(Object.keys(diagramPalettes.light));
  });

  it.each(['light', 'dark'] as const)('of %s words are legible on everything that is under them', (theme) => {
    for (const text of texts)
      for (const ground of grounds) {
        const palette = diagramPalettes[theme];
        const found = contrast(palette[`--diagram-${text}`], palette[`--diagram-${ground}`]);
        expect(found, `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
  });

  it.each(['light', 'dark'] as const)('of %s lines and marks stand out', (theme) => {
    const palette = diagramPalettes[theme];
    for (const line of ['border', 'divider', 'line', 'clock', 'active', 'taken'] as const)
      for (const ground of ['compound', 'machine'] as const) {
        const found = contrast(palette[`--diagram-${line}`], palette[`--diagram-${ground}`]);
        expect(found, `${line} on ${ground}`).toBeGreaterThanOrEqual(3);
      }
  });
});
