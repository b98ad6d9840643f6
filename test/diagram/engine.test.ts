import Elk from 'elkjs/lib/elk.bundled.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type LayoutEngine, loadEngine } from '../../src/diagram/engine.ts';

afterEach(() => {
  vi.doUnmock('elkjs/lib/elk.bundled.js');
  vi.resetModules();
});

describe('the layout engine', () => {
  it('is elkjs', async () => {
    const engine = await loadEngine();
    const graph = { id: 'graph', children: [{ id: 'a', width: 30, height: 20 }] };
    expect(await engine.layout(graph)).toMatchObject({ children: [{ id: 'a', width: 30, height: 20 }] });
  });

  it('may be an instance that somebody made', async () => {
    // As TypeScript sees the module, its class is a property of what is imported.
    const engine: LayoutEngine = new Elk.default();
    expect(await engine.layout({ id: 'graph' })).toMatchObject({ id: 'graph' });
  });

  it('that is not installed is said so, with what to do', async () => {
    vi.doMock('elkjs/lib/elk.bundled.js', () => {
      throw new Error('no such package');
    });
    await expect(loadEngine()).rejects.toMatchObject({
      name: 'DiagramError',
      code: 'LAYOUT_MISSING',
      message: 'Diagrams are laid out by elkjs, which is not installed: npm install elkjs',
    });
  });
});
