// For development only: answers /v1 from a folder of PNGs with invented scores, and serves dist/.
//   node mock/server.mjs [FOLDER] [PORT]      EMPTY=1: without a collection; KEY=…: wants it
import { createServer } from 'node:http';
import { createReadStream, existsSync, openSync, readSync, closeSync, readdirSync, statSync } from 'node:fs';
import { extname, join, relative } from 'node:path';

const folder = process.argv[2] ?? '/usr/share/tuxpaint/stamps';
const port = Number(process.argv[3] ?? 7700);
const dist = new URL('../dist/', import.meta.url).pathname;
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self' https:; base-uri 'none'";

function sizeOf(file) {
  const head = Buffer.alloc(24);
  const handle = openSync(file, 'r');
  readSync(handle, head, 0, 24, 0);
  closeSync(handle);
  return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
}
const items = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.png')).sort().map((path, id) => {
  const stat = statSync(join(folder, path));
  return { id, path, label: path.split('/').slice(0, -1).join('/'), ...sizeOf(join(folder, path)), size: stat.size,
    modified: stat.mtimeMs, added: 1.79e12, file: join(folder, path) };
});
const layers = ['stem', 'block2', 'block4', 'block6', 'pooled'];
const encoders = [0, 1, 2].map((n) => ({ name: `efficientnet-lite${n}`, title: `EfficientNet-Lite${n}`, licence: 'Apache-2.0',
  installed: n < 2, width: 1280, input: 224 + 16 * n, trained_on: 'ImageNet-1k' }));
const space = (encoder, layer, isDefault) => ({ name: layer === 'pooled' ? encoder : `${encoder}-${layer}`, encoder, layer, pooling: 'none',
  pca: null, metric: 'cosine', index: 'flat', recall: null, width: 1280, rows: items.length, behind: 0, complete: true, is_default: isDefault });
const stamps = { id: 'stamps', name: 'Tux Paint stamps', folder, items: items.length, skipped: 2, bytes: 5.1e6, writer: null, maps: [],
  spaces: [space('efficientnet-lite0', 'pooled', true), space('efficientnet-lite0', 'block6', false), space('efficientnet-lite1', 'pooled', false)] };
let collections = process.env.EMPTY ? [] : [stamps];
let jobs = [];
let scored = false;
const listeners = new Set();

const hash = (text) => [...text].reduce((sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), 16777619) >>> 0, 2166136261);
const noise = (...parts) => (hash(parts.join('|')) % 10007) / 10007;
function likeness(a, b, spaceName) {
  if (a === b) return 1;
  const [p, q] = [items[a].path.split('/'), items[b].path.split('/')];
  let shared = 0;
  while (shared < p.length - 1 && p[shared] === q[shared]) ++shared;
  const stem = p.at(-1).slice(0, 4) === q.at(-1).slice(0, 4) ? 0.25 : 0;
  return 0.2 + 0.1 * shared + stem + 0.3 * noise(spaceName, Math.min(a, b), Math.max(a, b)) ** 2;
}
function holds(item, where) { // labels and numbers only: enough to see filters work
  const labels = [...where.matchAll(/label = "((?:[^"]|"")*)"/g)].map((m) => m[1].replaceAll('""', '"'));
  if (labels.length && !labels.some((label) => item.label === label || item.label.startsWith(label + '/'))) return false;
  const exact = /label == "((?:[^"]|"")*)"/.exec(where);
  if (exact && item.label !== exact[1]) return false;
  const text = /path like "%(.*?)%"/.exec(where);
  if (text && !item.path.toLowerCase().includes(text[1].toLowerCase())) return false;
  return [...where.matchAll(/(width|size) >= (\d+)/g)].every((m) => item[m[1]] >= Number(m[2]));
}
function search(query) {
  const name = query.space ?? stamps.spaces.find((s) => s.is_default).name;
  const ids = query.examples.map((e) => ({ id: e.id ?? 77, sign: e.positive === false ? -0.5 : 1 }));
  const wanted = ids.filter((e) => e.sign > 0).length || 1;
  const seed = query.region ? query.region.map((v) => v.toFixed(1)).join() : '';
  const ranked = items.filter((item) => holds(item, query.where ?? ''))
    .map((item) => ({ item, score: ids.reduce((sum, e) => sum + e.sign * likeness(e.id, item.id, name + seed), 0) / wanted }))
    .sort((a, b) => b.score - a.score);
  const results = [];
  for (const { item, score } of ranked) {
    const twin = query.fold && results.find((r) => r.item.label === item.label && r.item.path.slice(0, -5) === item.path.slice(0, -5) && r.item !== item);
    if (twin) twin.folded.push(item);
    else if (results.length < (query.k ?? 50)) results.push({ rank: results.length + 1, item, score, distance: 1 - score, relevant: score >= 0.55, folded: [] });
  }
  return { space: name, metric: 'cosine', complete: true, results, relevant: results.filter((r) => r.relevant).length, relevance_line: 0.45,
    candidates: ranked.length, index: 'flat', rows_read: items.length, timings: { encode: 0, search: 1.4, total: 2.1 } };
}
function scores() {
  const names = [['map@r', 'How many of a label come first'], ['recall@1', 'Whether the nearest is of the label'], ['playground score', 'Weighted share of the label']];
  const value = (row, m) => { const v = (0.1 + 0.35 * noise(row, m)) * (m === 'playground score' ? 100 : 1); return { value: v, low: v * 0.95, high: v * 1.05 }; };
  const row = (name, extra) => ({ space: name, bytes: 5120, ...extra, values: Object.fromEntries(names.map(([m]) => [m, value(name, m)])) });
  const ids = items.filter((_, i) => i % 4 === 0).slice(0, 200).map((item) => item.id);
  return { made: Date.now(), measures: names.map(([name, help]) => ({ name, title: name, help })),
    rows: [...stamps.spaces.map((s) => row(s.name, { encoder: s.encoder, layer: s.layer })), row('pixels 16x16', { baseline: true, bytes: 768 })],
    queries: { ids, labels: ids.map((id) => items[id].label), scores: Object.fromEntries(stamps.spaces.map((s) => [s.name, ids.map((id) => Math.round(100 * noise(s.name, id)))])) } };
}
function tell(job) { for (const response of listeners) response.write(`event: job\ndata: ${JSON.stringify(job)}\n\n`); }
function start(kind, collection) {
  const job = { id: jobs.length + 1, kind, collection, title: `${kind} ${collection}`, state: 'active', done: 0, total: items.length, skipped: 0,
    rate: 160, eta: 5, started: Date.now(), ended: null };
  jobs.unshift(job);
  const timer = setInterval(() => {
    if (job.state === 'active') job.done = Math.min(job.total, job.done + 40);
    job.eta = (job.total - job.done) / 160;
    if (job.done === job.total && job.state === 'active') Object.assign(job, { state: 'done', ended: Date.now(), eta: null });
    if (job.state === 'done' && kind === 'compare') scored = true;
    if (job.state === 'done' && kind === 'index' && !collections.length) collections = [stamps];
    if (['done', 'cancelled', 'failed'].includes(job.state)) clearInterval(timer);
    tell(job);
  }, 250);
  return job;
}
const problem = (status, code, detail) => ({ status, type: 'application/problem+json', body: { type: 'about:blank', title: code, status, code, detail } });
const layersOf = (encoder) => layers.map((name, i) => ({ name, channels: [32, 24, 80, 192, 1280][i], side: [112, 56, 14, 7, 0][i], is_default: name === 'pooled', multiply_adds: 4e8 * (0.02 + 0.245 * i) }));
function adopt(name) { stamps.spaces.forEach((s) => (s.is_default = s.name === name)); return stamps; }
function labels() { const count = new Map(); for (const item of items) count.set(item.label, (count.get(item.label) ?? 0) + 1); return [...count].map(([label, n]) => ({ label, count: n })); }

function answer(method, url, body) {
  const path = url.pathname.split('/').slice(2).map(decodeURIComponent);
  const where = url.searchParams.get('where') ?? '';
  const [kind, name, what, id] = path;
  if (kind === 'collections' && method === 'POST' && !name) return { status: 202, body: start('index', 'stamps') };
  if (kind === 'collections' && !name) return { body: { collections, may_add: true, roots: ['/home/me/Pictures', '/data'], demo: true } };
  if (kind === 'encoders') return { body: name ? { encoder: encoders.find((e) => e.name === name), layers: layersOf(name) } : { encoders } };
  if (kind === 'jobs' && !name) return { body: { jobs } };
  if (kind === 'jobs') { const job = jobs.find((j) => j.id === Number(name)); job.state = method === 'DELETE' ? 'cancelled' : { pause: 'paused', resume: 'active', retry: 'active' }[body.action]; tell(job); return { body: job }; }
  if (name !== 'stamps') return problem(404, 'not_found', `There is no collection "${name}".`);
  if (!what) return { body: stamps };
  if (what === 'labels') return { body: { labels: labels() } };
  if (what === 'skipped') return { body: { skipped: [{ path: 'animals/broken.png', reason: 'the file ends in the middle of a row' }, { path: 'notes.txt', reason: 'not a picture' }] } };
  if (what === 'jobs') return { status: 202, body: start(body.kind, name) };
  if (what === 'spaces') return { body: adopt(id) };
  if (what === 'random') { const some = items.filter((item) => holds(item, where)); return { body: some[Math.floor(Math.random() * some.length)] }; }
  if (what === 'search') return { body: search(body) };
  if (what === 'scores') return scored ? { body: scores() } : problem(404, 'not_found', 'Nothing was compared yet.');
  if (what === 'items' && id !== undefined) return items[id] ? { body: items[id] } : problem(404, 'not_found', `There is no item ${id}.`);
  if (what === 'items') { const after = Number(url.searchParams.get('after') ?? -1), limit = Number(url.searchParams.get('limit') ?? 100); const some = items.filter((item) => holds(item, where)); const page = some.filter((item) => item.id > after).slice(0, limit); return { body: { items: page, next: page.length === limit ? page.at(-1).id : null, total: some.length } }; }
  return problem(404, 'not_found', 'There is no such route.');
}

createServer(async (request, response) => {
  const url = new URL(request.url, 'http://mock');
  const picture = /\/items\/(\d+)\/(thumbnail|image)$/.exec(url.pathname);
  response.setHeader('Content-Security-Policy', csp);
  if (url.pathname === '/healthz') return response.end('ok\n');
  if (process.env.KEY && url.pathname.startsWith('/v1/') && request.headers.authorization !== `Bearer ${process.env.KEY}`) { response.writeHead(401, { 'Content-Type': 'application/problem+json' }); return response.end(JSON.stringify(problem(401, 'unauthorized', 'This server wants a key.').body)); }
  if (url.pathname === '/v1/jobs/events') { response.writeHead(200, { 'Content-Type': 'text/event-stream' }); response.write(':\n\n'); listeners.add(response); return request.on('close', () => listeners.delete(response)); }
  if (picture && items[picture[1]]) { response.setHeader('Content-Type', 'image/png'); response.setHeader('Cache-Control', 'max-age=600'); return createReadStream(items[picture[1]].file).pipe(response); }
  if (url.pathname.startsWith('/v1/')) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('latin1');
    const json = request.headers['content-type']?.startsWith('multipart') ? /name="query"[^{]*(\{.*?\})\r\n--/s.exec(text)?.[1] : text;
    const { status = 200, type = 'application/json', body } = answer(request.method, url, json ? JSON.parse(json) : undefined);
    response.writeHead(status, { 'Content-Type': type });
    return response.end(JSON.stringify(body));
  }
  const file = join(dist, url.pathname === '/' ? 'index.html' : url.pathname);
  if (relative(dist, file).startsWith('..') || !existsSync(file)) return response.writeHead(404).end();
  response.setHeader('Content-Type', { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }[extname(file)] ?? 'application/octet-stream');
  createReadStream(file).pipe(response);
}).listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}`));
