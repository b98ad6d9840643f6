/** A promise of the engine that did not hold. */
export class CrashViolation extends Error {
  override readonly name = 'CrashViolation';
}

export function violated(...lines: string[]): never {
  throw new CrashViolation(lines.join('\n  '));
}
