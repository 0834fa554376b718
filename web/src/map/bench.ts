// Draws made points for bench/map.mjs: ?page shows the map page, else frames are counted.
import { mount } from 'svelte';
import '../tokens.css';
import { CanvasRenderer } from './canvas2d';
import { api } from '../api/client';
import type { Collection } from './layers';
import MapPage from './MapPage.svelte';
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

/** Frames drawn in a second, of all points and while all of them move. */
async function countFrames(
  kind: Renderer['kind'],
  points: number,
  magnification: number,
  seconds: number,
): Promise<number> {
  const canvas = document.body.appendChild(document.createElement('canvas'));
  Object.assign(canvas, SIZE);
  const renderer = makeRenderer(kind, canvas);
  renderer.setPoints(made(points), made(points));
  const entries = Uint8Array.from({ length: points }, (_, i) => i % CLASSES);
  renderer.setColors(entries, palette('label', CLASSES, 'light'));
  renderer.setStates(new Uint8Array(points));
  const whole = zoom(fit(SIZE), magnification, { x: 640, y: 400 });
  const diameter = diameterOf(points, magnification);
  let frames = 0;
  const began = await nextFrame();
  for (let now = began; now - began < 1000 * seconds; now = await nextFrame()) {
    const view: View = { ...whole, x: whole.x + 0.02 * Math.sin(frames / 9) };
    const pictures = { pictures: [], side: 0 };
    renderer.draw({ view, ratio: 1, t: (frames % 60) / 60, diameter, share: 1, ...pictures });
    frames++;
  }
  const took = (await nextFrame()) - began;
  renderer.dispose();
  canvas.remove();
  return (1000 * frames) / took;
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
