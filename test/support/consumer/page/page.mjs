import { talk } from './talk.mjs';

function talkInWorker() {
  const worker = new Worker(new URL('./worker.mjs', import.meta.url), { type: 'module' });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
  });
}

globalThis.outcome = Promise.all([talk(), talkInWorker()]);
