/** Offers a file to be kept; the browser asks where, or puts it with the others. */
export function download(name: string, type: string, content: string | Blob): void {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName(name);
  link.click();
  // The browser has begun to read it by then; at once would be too soon for some.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** A name that every file system takes, out of an id that may hold anything. */
export function fileName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what no file name may hold
  const safe = name.replace(/[\u0000-\u001f\u007f<>:"/\\|?*]+/g, '-').replace(/^\.+/, '');
  return safe.length > 120 ? `${safe.slice(0, 100)}…${safe.slice(-19)}` : safe || 'chartroom';
}
