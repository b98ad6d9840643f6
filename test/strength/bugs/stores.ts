import type { Bug } from '../bug.ts';

/** In the store on a file, and where no random run gets to. */
export const storeBugs: readonly Bug[] = [];
