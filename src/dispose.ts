/** `Symbol.asyncDispose`, also where the platform has none yet: `await using` compiled for it uses the same fallback. */
export const asyncDispose: typeof Symbol.asyncDispose =
  Symbol.asyncDispose ?? (Symbol.for('Symbol.asyncDispose') as typeof Symbol.asyncDispose);
