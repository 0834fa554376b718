// The tree to find points by, built by a worker where there are many points.
import KDBush from 'kdbush';
import { buildTree, Picking } from './picking';

/** Above this a tree is built by a worker, lest the page stand still. */
const WORKER_POINTS = 20_000;

export function buildPicking(xy: Uint16Array): Promise<Picking> {
  if (xy.length / 2 <= WORKER_POINTS) return Promise.resolve(new Picking(xy, buildTree(xy)));
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./pick.worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      worker.terminate();
      resolve(new Picking(xy, KDBush.from(data)));
    };
    worker.onerror = (event) => {
      worker.terminate();
      reject(new Error(`The points could not be put in order: ${event.message}`));
    };
    worker.postMessage(xy);
  });
}
