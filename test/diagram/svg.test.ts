import { describe, expect, it } from 'vitest';
import type { Chart } from '../../src/diagram/chart.ts';
import { chartOf } from '../../src/diagram/chart-of.ts';
import type { Drawing } from '../../src/diagram/drawing.ts';
import { layOut } from '../../src/diagram/layout.ts';
import { drawSvg } from '../../src/diagram/svg.ts';
import { checkout } from './charts.ts';

const chart = chartOf(checkout);
const drawing = await layOut(chart);
const svg = drawSvg(chart, drawing);

/** The elements of an XML document by their names and attributes; throws where it is not well-formed. */
function elements(text: string): { name: string; attributes: Record<string, string> }[] {
  const found: { name: string; attributes: Record<string, string> }[] = [];
  const open: string[] = [];
  const tag = /<(\/?)([a-zA-Z]+)((?:\s+[a-zA-Z0-9-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  let end = 0;
  for (const match of text.matchAll(tag)) {
    const [whole, closing, name = '', attributes = '', empty, words] = match;
    end = match.index + whole.length;
    if (words !== undefined) {
      if (/&(?!(amp|lt|gt|quot|#39);)/.test(words)) throw new Error(`a bare & in ${words}`);
      continue;
    }
    if (closing) {
      if (open.pop() !== name) throw new Error(`</${name}> closes something else`);
      continue;
    }
    const pairs = [...attributes.matchAll(/([a-zA-Z0-9-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [
      key,
      value,
    ]);
    if (new Set(pairs.map(([key]) => key)).size < pairs.length)
      throw new Error(`<${name}> has an attribute twice`);
    found.push({ name, attributes: Object.fromEntries(pairs) });
    if (!empty) open.push(name);
  }
  if (open.length > 0 || end < text.length)
    throw new Error(`not well-formed at ${text.slice(end, end + 40)}`);
  return found;
}

/** The element with this `data-state` or `data-edge`, as text. */
function partOf(text: string, attribute: string, value: string): string {
  const line = text.split('\n').find((each) => each.includes(`${attribute}="${value}"`));
  if (line === undefined) throw new Error(`no ${attribute}="${value}"`);
  return line;
}
const edgeOf = (cause: string) => chart.edges.find((each) => each.cause === cause)?.id ?? '';
const wordsOf = (name: string) =>
  svg.split('\n').find((line) => line.startsWith('<g class="words') && line.includes(`>${name}</text>`)) ??
  '';

describe('a picture', () => {
  it('is well-formed, says how large it is, and needs nothing from elsewhere', () => {
    const [root] = elements(svg);
    expect(root).toMatchObject({
      name: 'svg',
      attributes: {
        width: `${drawing.width}`,
        height: `${drawing.height}`,
        viewBox: `0 0 ${drawing.width} ${drawing.height}`,
      },
    });
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(
      /https?:|url\(|@import|<script|<image|href|NaN|undefined/,
    );
  });

  it('says what it is to those who do not see it', () => {
    const [root, title, desc] = elements(drawSvg(chart, drawing, { title: 'A shop' }));
    expect(root?.attributes).toMatchObject({
      role: 'img',
      'aria-labelledby': `${title?.attributes.id} ${desc?.attributes.id}`,
    });
    expect(drawSvg(chart, drawing, { title: 'A shop' }).includes('>A shop</title>')).toBe(true);
    expect(/<desc [^>]*>(.*)<\/desc>/.exec(svg)?.[1]).toBe(
      'Statechart of checkout: 23 states, 29 transitions. It begins in browsing. It ends in complete.',
    );
  });

  it('has every state and every transition by its id', () => {
    const parts = elements(svg).map(({ attributes }) => attributes);
    const states = parts.flatMap((each) => each['data-state'] ?? []);
    expect(states.sort()).toEqual(chart.states.map(({ id }) => id).sort());
    const edges = new Set(parts.flatMap((each) => each['data-edge']?.split(' ') ?? []));
    expect([...edges].filter((id) => id !== '').sort()).toEqual(chart.edges.map(({ id }) => id).sort());
  });
});

describe('the notation', () => {
  it('of a state inside of others is a rounded box with its name', () => {
    expect(partOf(svg, 'data-state', 'paying.idle')).toMatch(
      /^<g class="state atomic".*<rect class="box" .* rx="9"\/><\/g>$/,
    );
    expect(wordsOf('idle')).toContain('<text class="name"');
  });

  it('of a compound state has a line under its name, and one under what it does', () => {
    expect(partOf(svg, 'data-state', 'paying')).toMatch(/<path class="rule" d="M[^"]*M[^"]*"\/>/);
    expect(wordsOf('paying')).toMatch(/mark actor.*bank.*entry.*\/ log.*exit.*\/ clear,.* track/);
  });

  it('of an initial state is a filled dot with an arrow', () => {
    const dots = svg.split('\n').filter((line) => /^<circle class="solid" .* r="5"\/>$/.test(line));
    expect(dots).toHaveLength(chart.states.filter(({ initial }) => initial !== undefined).length);
    const arrows = svg.split('\n').filter((line) => line.startsWith('<g class="route" data-edge=""'));
    expect(arrows).toHaveLength(dots.length + 1);
    for (const arrow of arrows) expect(arrow).toMatch(/class="head" d="M[^"]+Z"/);
  });

  it('of an event that is forbidden is a line in the state that forbids it', () => {
    expect(wordsOf('browsing')).toContain(
      `data-edge="${edgeOf('IGNORED')}"><title>IGNORED / ignored</title><text`,
    );
    expect(wordsOf('browsing')).toMatch(/>IGNORED<\/tspan><tspan class="keyword"> \/ ignored<\/tspan>/);
  });

  it('of a final state is a bull’s-eye', () => {
    expect(partOf(svg, 'data-state', 'complete')).toContain('<rect class="inner"');
    expect(wordsOf('complete')).toMatch(/<circle class="mark final"[^>]*\/><circle class="solid"/);
  });

  it('of history is an H in a circle, with a star when it is deep', () => {
    expect(partOf(svg, 'data-state', 'paying.before')).toMatch(
      /^<g class="state history".*<circle class="box"/,
    );
    expect(svg.match(/text-anchor="middle">(H\*?)</g)?.map((each) => each.slice(21, -1))).toEqual([
      'H*',
      'H',
    ]);
  });

  it('of a parallel state is regions with dashes between or around them', async () => {
    expect(partOf(svg, 'data-state', 'shopping.address')).toMatch(/class="state compound region box"/);
    const plain = chartOf({ id: 'm', type: 'parallel', states: { a: {}, b: {} } });
    const picture = drawSvg(plain, await layOut(plain));
    expect(picture).toMatch(/<line class="divider"/);
    expect(picture).toMatch(/\.divider \{[^}]*stroke-dasharray/);
    expect(picture).toMatch(/\.state\.region\.box \.box \{[^}]*stroke-dasharray/);
  });

  it('of a transition is `event [guard] / action`, each in its own colour', () => {
    const label = partOf(svg, 'data-edge', edgeOf('after 5 s')).concat(svg);
    expect(label).toContain(
      '<tspan class="keyword">after 5 s</tspan><tspan class="guard"> [canRetry]</tspan><tspan class="action"> / retry</tspan>',
    );
    expect(svg).toContain('<title>APPLY [isValid and not hasItems]</title>');
  });

  it('of a deadline has a clock, of an actor a mark of its own', () => {
    const clocks = svg.match(/<circle class="mark clock"/g);
    expect(clocks).toHaveLength(chart.edges.filter(({ kind }) => kind === 'after').length);
    const actors = svg.match(/<path class="mark actor"/g);
    expect(actors).toHaveLength(chart.states.flatMap(({ invokes }) => invokes).length);
  });

  it('of a transition without a target is a line in its state', () => {
    expect(wordsOf('browsing')).toContain(`data-edge="${edgeOf('ADD')}"`);
  });

  it('of one with several targets is a bar', () => {
    const fork = svg.split('\n').filter((line) => line.startsWith('<rect class="solid"'));
    expect(fork).toHaveLength(1);
    const lines = svg
      .split('\n')
      .filter((line) => line.startsWith(`<g class="route" data-edge="${edgeOf('JUMP')}"`));
    expect(lines.map((line) => line.includes('class="head"'))).toEqual([false, true, true]);
  });

  it('of a collapsed state is the number of those inside', async () => {
    const closed = drawSvg(chart, await layOut(chart, { maxStates: 9 }));
    expect(partOf(closed, 'data-state', 'paying')).toContain('class="state compound collapsed"');
    expect(closed).toContain('>6 states inside<');
  });
});

describe('the options', () => {
  it('light the active states and the last transition', () => {
    const lit = drawSvg(chart, drawing, { active: ['paying', 'paying.idle'], lastEdge: edgeOf('PAY') });
    expect(partOf(lit, 'data-state', 'paying.idle')).toContain('class="state atomic active"');
    expect(partOf(lit, 'data-state', 'paying.done')).not.toContain('active"');
    expect(lit.match(/<g class="(route|label) taken"/g)).toEqual([
      '<g class="route taken"',
      '<g class="label taken"',
    ]);
    expect(svg).not.toMatch(/<g class="[^"]*(active|taken)"/);
  });

  it('choose the colours; those of `css` are the page’s, with no style inside, which a strict policy forbids', () => {
    expect(drawSvg(chart, drawing, { theme: 'dark' })).toContain('class="chartroom-diagram dark"');
    const css = drawSvg(chart, drawing, { theme: 'css' });
    expect(css).not.toContain('<style');
    expect(css).not.toMatch(/ style="|#[0-9a-f]{6}/);
  });
});

describe('hostile names', () => {
  const evil = `"><script>alert(1)</script>&'\u0000\u202e]]><!--`;

  it('are words and nothing else', async () => {
    const hostile: Chart = chartOf({
      id: evil,
      initial: 'a',
      description: evil,
      states: {
        a: {
          tags: [evil],
          entry: evil,
          invoke: { src: evil, id: evil },
          description: evil,
          on: { [evil]: { target: 'b', guard: evil, actions: [evil] } },
        },
        b: { on: { X: { actions: evil } }, initial: 'c', states: { c: {}, [evil]: {} } },
      },
    } as never);
    const plan: Drawing = await layOut(hostile);
    for (const theme of ['light', 'css'] as const) {
      const text = drawSvg(hostile, plan, { theme, title: evil });
      const names = new Set(elements(text).map(({ name }) => name));
      expect(
        [...names].filter(
          (name) => !/^(svg|title|desc|style|g|rect|circle|path|line|text|tspan)$/.test(name),
        ),
      ).toEqual([]);
      for (const trace of ['<script', '<!--', '\u0000', '\u202e']) expect(text.includes(trace)).toBe(false);
    }
  });

  it('are words in a drawing, too, which may come from a file of somebody else', () => {
    const spoilt = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(spoilt);
      if (typeof value !== 'object' || value === null) return evil;
      const kept = Object.entries(value).map(([key, each]) => [key, key === 'id' ? each : spoilt(each)]);
      return Object.fromEntries(kept);
    };
    const regions = {
      width: 1,
      height: 1,
      states: [],
      markers: [],
      dividers: [
        [
          { x: evil, y: evil },
          { x: evil, y: evil },
        ],
      ],
      routes: [],
    };
    for (const each of [spoilt(drawing), regions]) {
      const text = drawSvg(chart, each as Drawing);
      expect(elements(text).filter(({ name }) => name === 'script')).toEqual([]);
      expect(text).not.toContain('<script');
    }
  });

  it('of a drawing that belongs to another chart are not found, and no reason to throw', () => {
    const other = chartOf({ id: 'other' });
    expect(
      elements(drawSvg(other, drawing)).some(({ attributes }) => attributes['data-state'] === 'paying'),
    ).toBe(false);
  });
});
