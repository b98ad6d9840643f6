/** As wide as a README shows a picture without making its 12 px text smaller than 11. */
const COMFORTABLE_WIDTH = 960;
const GOOD_RATIO = 1.6;

/** How far a shape is from one that is read with ease: too wide is worse than too tall. Of two, take the lesser. */
export function awkwardness({ width, height }: { readonly width: number; readonly height: number }): number {
  return (
    Math.abs(Math.log(width / height / GOOD_RATIO)) + 4 * Math.max(0, Math.log(width / COMFORTABLE_WIDTH))
  );
}
