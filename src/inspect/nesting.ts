/** Deeper than anything that is said in earnest; what walks a value by recursion is safe within. */
export const MAX_NESTING = 64;

/** Level by level, since recursion is what depth is meant to break. */
export function isDeep(value: unknown, max: number = MAX_NESTING): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > max) return true;
    const below: unknown[] = [];
    for (const each of level)
      if (typeof each === 'object' && each !== null)
        // Spreading a long list into `push` would overflow the stack as well.
        for (const member of Object.values(each)) if (typeof member === 'object') below.push(member);
    level = below;
  }
  return false;
}
