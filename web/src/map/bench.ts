// Draws made points for bench/map.mjs: ?page shows the map page, else frames are counted.
import { mount } from 'svelte';
import '../tokens.css';
import { CanvasRenderer } from './canvas2d';
import { api } from '../api/client';
import type { Collection } from './layers';
import MapPage from './MapPage.svelte';
import { Pace } from './pace';
import { palette } from './palette';
import { diameterOf, type Renderer } from './renderer';
import type { Place } from './scene';
import { fit, zoom, type View } from './view';
import { WebglRenderer } from './webgl';

const SIZE = { width: 1280, height: 800 };
const CLASSES = 10;

declare global {
  interface Window {
    countFrames: typeof countFrames;
  }
}

interface Frames {
  a_second: number;
  /** Of the points that were drawn, in the mean. */
  share: number;
}

/** Frames drawn in a second while all points move: of all of them or, `paced`, of as many as the page draws. */
async function countFrames(
  kind: Renderer['kind'],
  points: number,
  magnification: number,
  seconds: number,
  paced: boolean,
): Promise<Frames> {
  const canvas = document.body.appendChild(document.createElement('canvas'));
  Object.assign(canvas, SIZE);
  const renderer = makeRenderer(kind, canvas);
  renderer.setPoints(made(points), made(points));
  const entries = Uint8Array.from({ length: points }, (_, i) => i % CLASSES);
  renderer.setColors(entries, palette('label', CLASSES, 'light'));
  renderer.setStates(new Uint8Array(points));
  const whole = zoom(fit(SIZE), magnification, { x: 640, y: 400 });
  const diameter = diameterOf(points, magnification);
  const pace = new Pace();
  let [frames, shares] = [0, 0];
  // Learned from an earlier movement.
  const learning = paced ? 1000 : 0;
  for (let now = await nextFrame(), end = now + learning; now < end; now = await nextFrame()) draw(now);
  [frames, shares] = [0, 0];
  const began = await nextFrame();
  for (let now = began; now - began < 1000 * seconds; now = await nextFrame()) draw(now);
  const took = (await nextFrame()) - began;
  renderer.dispose();
  canvas.remove();
  return { a_second: (1000 * frames) / took, share: shares / frames };

  function draw(now: number): void {
    pace.tick(now, true, points);
    const share = paced ? pace.share : 1;
    const view: View = { ...whole, x: whole.x + 0.02 * Math.sin(frames / 9) };
    renderer.draw({ view, ratio: 1, t: (frames % 60) / 60, diameter, share, pictures: [], side: 0 });
    frames++;
    shares += share;
  }
}

function makeRenderer(kind: Renderer['kind'], canvas: HTMLCanvasElement): Renderer {
  if (kind === 'canvas2d') return new CanvasRenderer(canvas);
  const gl = canvas.getContext('webgl2', { antialias: false });
  if (!gl) throw new Error('There is no WebGL2 here.');
  return new WebglRenderer(gl, () => undefined);
}

/** Ten crowds. */
function made(points: number): Uint16Array {
  const around = (): number => (Math.random() + Math.random() + Math.random() - 1.5) * 8000;
  return Uint16Array.from({ length: 2 * points }, (_, i) => {
    const crowd = (i >> 1) % CLASSES;
    const middle = i % 2 === 0 ? (crowd % 4) * 16_000 : Math.floor(crowd / 4) * 24_000;
    return Math.min(65_535, Math.max(0, 8000 + middle + around()));
  });
}

function nextFrame(): Promise<number> {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}

async function showPage(): Promise<void> {
  const collection = await api.collection('made');
  const place: Place = { x: 0.4, y: 0.45, spread: 0.08, off: false, neighbors: [3, 13, 23, 33, 43] };
  mount(MapPage, { target: document.body, props: { collection, place, onask: console.info } });
}

window.countFrames = countFrames;
if (new URLSearchParams(location.search).has('page')) await showPage();
