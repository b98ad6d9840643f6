import type { LayoutEngine } from 'chartroom/diagram';
import { ElkWorker, type WorkerLike } from '../elk-worker.ts';
import { elkScript } from './elk-script.ts';

declare global {
  var chartroomElk: (new () => WorkerLike) | undefined;
}

/**
 * ELK out of its program, in a worker; in this thread where the policy of the page that the app is in forbids workers.
 * Rejects where it forbids that as well: charts are shown as outlines then.
 */
export async function elkOf(program: string): Promise<LayoutEngine> {
  const address = URL.createObjectURL(new Blob([program], { type: 'text/javascript' }));
  try {
    const elk = new ElkWorker(new Worker(address));
    await elk.ready;
    return elk;
  } catch {
    return new ElkWorker(inThisThread(program));
  } finally {
    URL.revokeObjectURL(address);
  }
}

function inThisThread(program: string): WorkerLike {
  const script = document.createElement('script');
  script.nonce = document.querySelector<HTMLElement>('script[nonce]')?.nonce ?? '';
  script.textContent = elkScript(program);
  document.head.append(script);
  script.remove();
  const { chartroomElk: Elk } = globalThis;
  if (!Elk) throw new Error('The content security policy of this page forbids the layout engine.');
  return new Elk();
}
