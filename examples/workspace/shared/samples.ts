import type { Drop } from './dropped.ts';

const TEXTS = {
  'lighthouse/log.md': `# Log of the lighthouse

## March
3 March. Wind from the north-west, the lamp was lit at 17:40. The keeper oiled the clockwork.
9 March. Fog all day. The foghorn sounded every ninety seconds; its compressor runs hot.
21 March. The supply boat brought paraffin, flour and a new barometer.

## April
2 April. A trawler came too close to the reef. The lamp was doubled until it had passed.
14 April. The clockwork stopped at 03:10 and was started again by hand after four minutes.
`,
  'lighthouse/tides.csv': `date,high,low,height_m
2 April,05:12,11:31,4.1
3 April,05:58,12:14,4.4
4 April,06:41,12:55,4.6
`,
  'lighthouse/lamp.ts': `/** Seconds from one flash of the lamp to the next. */
export const PERIOD_S = 15;

export interface Lamp {
  readonly lit: boolean;
  /** Doubled when a ship comes too close to the reef. */
  readonly doubled: boolean;
}

export function lightLamp(lamp: Lamp): Lamp {
  return { ...lamp, lit: true };
}

export function warnShip(lamp: Lamp, distanceToReef: number): Lamp {
  return { ...lamp, doubled: distanceToReef < 500 };
}
`,
};

/** For whoever has no files at hand. */
export const samples: Drop = {
  files: Object.entries(TEXTS).map(([path, text]) => ({
    path,
    text,
    size: new TextEncoder().encode(text).length,
  })),
  refused: [],
};

/** What can be asked about them. */
export const QUESTIONS = [
  'When did the clockwork stop?',
  'What happens when a ship comes too close to the reef?',
];
