/** What axe finds wrong with a page, as lines to read. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Frame, Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

declare global {
  var axe: { run(context: Document, options: object): Promise<AxeResults> };
}

/** All rules; those that colours do not matter to; or contrast alone, which takes axe as long as all the rest. */
export type Rules = 'all' | 'structure' | 'contrast';

const OPTIONS = {
  all: {},
  structure: { rules: { 'color-contrast': { enabled: false } } },
  contrast: { runOnly: { type: 'rule', values: ['color-contrast'] } },
} as const;

/** `rule: what is wrong, at selector`. Transitions are brought to their end first: a colour on its way is nobody's choice. */
export async function violations(page: Page | Frame, rules: Rules = 'all'): Promise<string[]> {
  // Evaluated from outside, which the page's policy lets through.
  await page.evaluate(source);
  await page.evaluate(() => {
    for (const animation of document.getAnimations())
      if (animation.effect?.getTiming().iterations !== Number.POSITIVE_INFINITY) animation.finish();
  });
  const found = await page.evaluate(
    (options) => globalThis.axe.run(document, { resultTypes: ['violations'], iframes: false, ...options }),
    OPTIONS[rules],
  );
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, any }) => `${id}: ${help}, at ${target.join(' ')}: ${any[0]?.message ?? ''}`),
  );
}
