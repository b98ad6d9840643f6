/** Deeper than anything that is said in earnest; what walks a value by recursion is safe within. */
const MAX_DEPTH = 64;

export type Incoming = { readonly message: unknown } | { readonly refused: string };

/** What a frame says. Never throws. */
export function parseIncoming(data: Buffer, isBinary: boolean): Incoming {
  if (isBinary) return { refused: 'A message is a text frame of JSON; this one is binary.' };
  let message: unknown;
  try {
    message = JSON.parse(data.toString('utf8'));
  } catch (error) {
    return { refused: `This is no JSON: ${(error as Error).message.slice(0, 200)}` };
  }
  return isDeep(message) ? { refused: `This is nested deeper than ${MAX_DEPTH} levels.` } : { message };
}

/** Level by level, since recursion is what depth is meant to break. */
function isDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return true;
    const below: unknown[] = [];
    for (const each of level)
      if (typeof each === 'object' && each !== null)
        // Spreading a long list into `push` would overflow the stack as well.
        for (const member of Object.values(each)) if (typeof member === 'object') below.push(member);
    level = below;
  }
  return false;
}
