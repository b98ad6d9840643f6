import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as machinesEntry from '../../machines/index.ts';
import { diagramsFolder, drawMachines, machines } from '../../scripts/diagrams.ts';

describe('visualizations/diagrams', () => {
  it('shows the machines as they are: `npm run diagrams` draws them again', async () => {
    const wanted = await drawMachines();
    expect(readdirSync(diagramsFolder).sort()).toEqual([...wanted.keys()].sort());
    for (const [name, text] of wanted)
      expect(readFileSync(`${diagramsFolder}${name}`, 'utf8') === text, `${name} is stale`).toBe(true);
  });

  it('shows every machine that the package has', () => {
    const own = Object.values(machinesEntry).filter((each) => typeof each === 'object' && 'root' in each);
    const drawn = Object.values(machines).map(({ machine }) => machine);
    expect(own).toHaveLength(2);
    expect(own.filter((each) => !drawn.includes(each as never))).toEqual([]);
  });

  it('is legible in a README, which shows 880 pixels: letters of 11 px or more', async () => {
    for (const [name, text] of await drawMachines()) {
      if (!name.endsWith('.svg')) continue;
      const width = Number(/ width="([\d.]+)"/.exec(text)?.[1]);
      expect(12 * Math.min(1, 880 / width), name).toBeGreaterThanOrEqual(11);
    }
  });
});
