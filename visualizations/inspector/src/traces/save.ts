import { type Trace, viewerHtml } from 'chartroom/inspect';
import { type Drawings, drawingsFor } from '../drawings.ts';
import { download } from '../parts/download.ts';

export function saveJson(name: string, trace: Trace): void {
  download(`${name}.trace.json`, 'application/json', `${JSON.stringify(trace)}\n`);
}

/** One page that opens without this app. Rejects when the viewer that it is made of is not to be had. */
export async function saveHtml(name: string, trace: Trace, drawings: Drawings): Promise<void> {
  const answer = await fetch(new URL('viewer.html', document.baseURI));
  if (!answer.ok) throw new Error(`The viewer was not served: ${answer.status} ${answer.statusText}`);
  const template = await answer.text();
  const drawn = await drawingsFor(trace.definitions, drawings);
  download(`${name}.html`, 'text/html', viewerHtml(template, { trace, drawings: drawn }));
}
