// Answers the map routes of docs/openapi.yaml with made pictures, for web/bench/map.mjs.
import { crc32, deflateSync } from 'node:zlib';

const LAYERS = ['stem', 'block1', 'block3', 'pooled'];
const LABELS = ['animals', 'birds', 'boats', 'cars', 'chairs', 'flowers', 'fruit', 'houses', 'people', 'trees'];

/** The same numbers in every run. */
function random(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Ten crowds that are the farther apart the later the layer. */
function makeXy(count, layer) {
  const next = random(1);
  const apart = 0.25 + 0.75 * (layer / (LAYERS.length - 1));
  const near = () => (next() + next() + next() + next() - 2) * (0.11 - 0.03 * apart);
  const xy = new Uint16Array(2 * count);
  for (let i = 0; i < count; i++) {
    const angle = ((i % 10) / 10) * 2 * Math.PI;
    const reach = apart * (i % 10 < 5 ? 0.36 : 0.22);
    xy[2 * i] = Math.min(1, Math.max(0, 0.5 + reach * Math.cos(angle) + near())) * 65_535;
    xy[2 * i + 1] = Math.min(1, Math.max(0, 0.5 + reach * Math.sin(angle) + near())) * 65_535;
  }
  return xy;
}

function makeColumn(name, count, layer) {
  if (name === 'id') return new Uint8Array(count);
  if (name === 'xy') return makeXy(count, layer);
  if (name === 'label') return Uint16Array.from({ length: count }, (_, i) => i % 10);
  if (name === 'cluster') {
    return Uint16Array.from({ length: count }, (_, i) => (i % 17 === 0 ? 0xffff : Math.floor((i % 10) / 2)));
  }
  const next = random(2);
  if (name === 'trust') return Uint8Array.from({ length: count }, () => 255 * Math.sqrt(next()));
  return Float64Array.from({ length: count }, (_, i) => Date.UTC(2025, 0, 1) + i * 60_000);
}

function makeMap(name, count, stale) {
  const layer = LAYERS.findIndex((layer) => name === `net.${layer}.umap`);
  const accuracy = 0.3 + 0.18 * layer;
  return {
    name, space: name.replace(/\.umap$/, ''), method: 'umap', count, box: [0, 0, 1, 1],
    labels: LABELS.map((label) => ({ label, count: Math.floor(count / 10) })),
    clusters: Array.from({ length: 5 }, (_, i) => ({ name: `crowd ${i + 1}`, medoid: 2 * i, count: Math.floor(count / 5) })),
    figures: { k: 15, trustworthiness: 0.9 + 0.02 * layer, continuity: 0.9, neighbors_kept: 0.34, triplets: 0.7,
      label_accuracy: accuracy + 0.02, map_label_accuracy: accuracy, silhouette: 0.1 },
    remark: '', placed: 0, made: Date.UTC(2026, 0, 1), stale,
  };
}

function makeCollection(count, maps) {
  const spaces = LAYERS.map((layer) => ({
    name: `net.${layer}`, encoder: 'net', layer, pooling: 'mean', pca: null, metric: 'cosine', index: 'flat',
    recall: null, width: 64, rows: count, behind: 0, complete: true, is_default: layer === 'pooled',
  }));
  const names = [...LAYERS].reverse().map((layer) => ({ name: `net.${layer}.umap`, space: `net.${layer}` }));
  return { id: 'made', name: 'Made', items: count, skipped: 0, bytes: 0, spaces, maps: maps ? names : [] };
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** zlib.crc32 is in Node 22 and later. */
function crc(data) {
  if (crc32) return crc32(data);
  let value = ~0;
  for (const byte of data) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (0xedb88320 & -(value & 1));
  }
  return ~value >>> 0;
}

/** A PNG: rings around a place, in a colour, both of which the id decides. */
function makePicture(id, size) {
  const width = id % 3 === 0 ? Math.round(size * 0.75) : size;
  const rows = Buffer.alloc(size * (1 + 3 * width));
  const hue = (id % 10) * 25;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < width; x++) {
      const ring = Math.hypot(x - width / 2, y - (size * (id % 7)) / 7) / (size / 16);
      rows.set([hue, (ring % 2 < 1 ? 200 : 90) - hue / 2, 255 - hue], y * (1 + 3 * width) + 1 + 3 * x);
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const parts = [chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...parts]);
}

/** What is answered to `path`; undefined if nothing. */
function answer(path, { count, maps, stale }) {
  const [, map, column] = path.match(/^collections\/made\/maps\/([^/]+)(?:\/columns\/(\w+))?$/) ?? [];
  const layer = LAYERS.findIndex((name) => map === `net.${name}.umap`);
  if (column) return Buffer.from(makeColumn(column, count, layer).buffer);
  if (map) return makeMap(map, count, stale);
  if (path === 'collections/made') return makeCollection(count, maps);
  if (path === 'encoders/net/layers') return { layers: LAYERS.map((name) => ({ name })) };
  const [, id, size] = path.match(/^collections\/made\/items\/(\d+)\/thumbnail\?size=(\d+)$/) ?? [];
  return id && makePicture(Number(id), Number(size));
}

/** A Vite plugin that answers as a server with `count` pictures would. */
export function madeServer(options) {
  return {
    name: 'made-server',
    configureServer(server) {
      server.middlewares.use('/v1/', (request, response, next) => {
        const body = answer(request.url.slice(1), options);
        if (body === undefined) return next();
        const bytes = Buffer.isBuffer(body);
        response.setHeader('Content-Type', bytes ? 'application/octet-stream' : 'application/json');
        response.end(bytes ? body : JSON.stringify(body));
      });
    },
  };
}
