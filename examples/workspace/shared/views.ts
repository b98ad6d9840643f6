/** The workspace is written in React, and its heart in three others: one page each, over the same sessions. */
export const views = [
  { name: 'React', path: '/' },
  { name: 'Vue', path: '/vue/' },
  { name: 'Svelte', path: '/svelte/' },
  { name: 'Solid', path: '/solid/' },
] as const;

/** The address of a view that shows the same session. */
export function addressOf(path: string, sessionId: string | undefined): string {
  return sessionId === undefined ? path : `${path}#${encodeURIComponent(sessionId)}`;
}
