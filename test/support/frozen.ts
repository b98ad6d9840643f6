/** Whether a value and everything in it is frozen. Returns the path of the first part that is not. */
export function thawed(value: unknown, path = '$'): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Object.isFrozen(value)) return path;
  for (const [key, part] of Object.entries(value)) {
    const found = thawed(part, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
