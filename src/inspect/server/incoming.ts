import { isDeep, MAX_NESTING } from '../nesting.ts';

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
  if (!isDeep(message)) return { message };
  return { refused: `This is nested deeper than ${MAX_NESTING} levels.` };
}
