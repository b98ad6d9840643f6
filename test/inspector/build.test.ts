import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureInspector } from '../../scripts/ensure-inspector.ts';
import { elkScript } from '../../visualizations/inspector/src/in-page/elk-script.ts';

let folder = '';
beforeAll(async () => {
  folder = await ensureInspector();
});

const read = (file: string) => readFileSync(join(folder, file), 'utf8');
const assets = () => readdirSync(join(folder, 'assets'));
const sha256 = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
/** What only elkjs holds. */
const ELK = 'org.eclipse.elk';

describe('the page', () => {
  it('has no script and no style of its own: its server allows files only', () => {
    const page = read('index.html');
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).toMatch(/<script type="module"[^>]* src="\.\/assets\/index-[\w-]+\.js"><\/script>/);
    expect(page).not.toMatch(/<style|style=|\son\w+=|https?:/);
  });

  it('loads no script of Node, nor one that makes code of text', () => {
    const scripts = assets().filter((file) => file.startsWith('index-') && file.endsWith('.js'));
    expect(scripts).toHaveLength(1);
    for (const script of scripts)
      expect(read(`assets/${script}`)).not.toMatch(/from"node:|new Function\(|\beval\(/);
  });

  it('is small: under 110 kB on the wire, the layout engine left out', () => {
    const bytes = assets()
      .filter((file) => file.startsWith('index-'))
      .reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, 'assets', file))).length, 0);
    expect(bytes).toBeGreaterThan(20_000);
    expect(bytes).toBeLessThan(110_000);
  });

  it('keeps ELK as it is, in a file of its own, with its licence beside it', () => {
    const [worker = ''] = assets().filter((file) => /^elk-worker\.min-.*\.js$/.test(file));
    const original = new URL('../../node_modules/elkjs/lib/elk-worker.min.js', import.meta.url);
    expect(read(`assets/${worker}`)).toBe(readFileSync(original, 'utf8'));
    expect(read('assets/elk-worker.LICENSE.md')).toContain('Eclipse Public License');
    const others = assets().filter((file) => file.endsWith('.js') && file !== worker);
    expect(others.filter((file) => read(`assets/${file}`).includes(ELK))).toEqual([]);
  });

  it('comes without maps of its sources', () => {
    expect(assets().filter((file) => file.endsWith('.map'))).toEqual([]);
  });
});

describe('the app for pages', () => {
  const load = (file: string) => import(pathToFileURL(join(folder, 'in-page', file)).href);

  it('is a module with one document, which asks nobody for anything and holds no ELK', async () => {
    const { html, version } = await load('app.js');
    expect(html).not.toMatch(/<(script|link|img|iframe)[^>]* (src|href)=/);
    expect(html).not.toContain(ELK);
    expect(html).not.toMatch(/from"node:|new Function\(|\beval\(/);
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('runs its own script, style and layout engine, and nothing that a session may bring', async () => {
    const { html, scriptSource, styleSource } = await load('app.js');
    const { program } = await load('elk.js');
    const policy = html.match(/http-equiv="Content-Security-Policy" content="([^"]*)"/)?.[1] ?? '';
    const script = html.match(/<script type="module" nonce="%NONCE%">([\s\S]*?)<\/script>/)?.[1] ?? '';
    const style = html.match(/<style nonce="%NONCE%">([\s\S]*?)<\/style>/)?.[1] ?? '';
    expect(script.length).toBeGreaterThan(50_000);
    expect([scriptSource, styleSource]).toEqual([sha256(script), sha256(style)]);
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${sha256(script)} ${sha256(elkScript(program))}`,
      `style-src ${sha256(style)}`,
      'img-src data: blob:',
      "base-uri 'none'",
      "form-action 'none'",
      'worker-src blob:',
    ]);
  });

  it('has ELK as it is, in a module of its own, with its licence in front', async () => {
    const { program } = await load('elk.js');
    const original = new URL('../../node_modules/elkjs/lib/elk-worker.min.js', import.meta.url);
    const [licence, rest] = program.split(/(?<=^\*\/\n)/m);
    expect(rest).toBe(readFileSync(original, 'utf8'));
    expect(licence).toContain('Eclipse Public License - v 2.0');
    expect(read('in-page/elk.LICENSE.md')).toContain('Eclipse Public License - v 2.0');
  });

  it('is under 105 kB on the wire, and ELK under 500 kB', () => {
    expect(gzipSync(read('in-page/app.js')).length).toBeLessThan(105_000);
    expect(gzipSync(read('in-page/elk.js')).length).toBeLessThan(500_000);
  });
});

describe('the viewer of saved traces', () => {
  it('is one file, and asks nobody for anything', () => {
    const page = read('viewer.html');
    expect(page).not.toMatch(/<(script|link|img|iframe)[^>]* (src|href)=/);
    expect(page).not.toContain(ELK);
    expect(statSync(join(folder, 'viewer.html')).size).toBeLessThan(400_000);
  });

  it('runs its own script and style, and nothing that a trace may bring', () => {
    const page = read('viewer.html');
    const policy = page.match(/http-equiv="Content-Security-Policy" content="([^"]*)"/)?.[1] ?? '';
    const script = page.match(/<script type="module">([\s\S]*?)<\/script>/)?.[1] ?? '';
    const style = page.match(/<style>([\s\S]*?)<\/style>/)?.[1] ?? '';
    expect(script.length).toBeGreaterThan(50_000);
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${sha256(script)}`,
      `style-src ${sha256(style)}`,
      'img-src data: blob:',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  it('has its place for a trace, and only one', () => {
    expect(read('viewer.html').split('id="saved-trace">null</script>')).toHaveLength(2);
  });
});
