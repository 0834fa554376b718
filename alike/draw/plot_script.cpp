#include "alike/draw/plot_page.h"

namespace alike::draw {

const std::string_view kPlotScript = R"script('use strict';
const data = JSON.parse(document.getElementById('data').textContent);
const get = id => document.getElementById(id);
const canvas = get('canvas'), pen = canvas.getContext('2d'), card = get('card');
const bytes = Uint8Array.from(atob(data.points), c => c.charCodeAt(0));
const points = new DataView(bytes.buffer), n = data.count;
const px = new Float32Array(n), py = new Float32Array(n), group = new Uint16Array(n);
for (let i = 0; i < n; ++i) {
  px[i] = points.getUint16(6 * i, true) / 65535 * data.width;
  py[i] = points.getUint16(6 * i + 2, true) / 65535 * data.height;
  group[i] = points.getUint16(6 * i + 4, true);
}
// A fixed shuffle, so that no group hides another.
const order = Array.from({length: n}, (_, i) => i);
for (let i = n - 1, s = 1; i > 0; --i) {
  s = (s * 1664525 + 1013904223) >>> 0;
  const j = s % (i + 1);
  [order[i], order[j]] = [order[j], order[i]];
}
const shown = data.groups.map(() => true);
let matches = null, hits = [], hit = -1, current = -1;
let scale = 1, left = 0, top_ = 0, wide = 0, high = 0, wanted = false, touched = false;

const media = matchMedia('(prefers-color-scheme: dark)');
const dark = () => (document.documentElement.dataset.theme || (media.matches ? 'dark' : 'light')) === 'dark';
const colors = () => dark() ? data.dark : data.light;
const visible = i => shown[group[i]];
const x = i => left + px[i] * scale, y = i => top_ + py[i] * scale;

function fit() {
  const edge = 24;
  scale = Math.min((wide - 2 * edge) / Math.max(data.width, 1e-9), (high - 2 * edge) / Math.max(data.height, 1e-9));
  if (!(scale > 0) || !isFinite(scale)) scale = 1;
  left = (wide - data.width * scale) / 2;
  top_ = (high - data.height * scale) / 2;
}
function radius() {
  const usual = 15 * Math.pow(Math.max(n, 1), -0.21) * Math.sqrt(wide * high / 675000);
  return Math.min(12, Math.max(1, usual) * Math.max(1, Math.pow(scale / whole, 0.3)));
}
let whole = 1;
function trace(context, mark, cx, cy, r) {
  context.beginPath();
  for (const [a, b] of data.marks[mark]) context.lineTo(cx + a * r, cy + b * r);
  context.closePath();
}
function sprites(r, ratio) {
  return data.groups.map((entry, g) => {
    const sprite = document.createElement('canvas');
    const half = Math.ceil(1.5 * r + 1);
    sprite.width = sprite.height = 2 * half * ratio;
    const context = sprite.getContext('2d');
    context.scale(ratio, ratio);
    trace(context, entry.mark, half, half, r);
    if (r >= 3) { context.strokeStyle = colors().paper; context.lineWidth = 2; context.stroke(); }
    context.fillStyle = colors().groups[g];
    context.fill();
    sprite.half = half;
    if (n > 5000) sprite.pixels = context.getImageData(0, 0, sprite.width, sprite.height).data;
    return sprite;
  });
}
// Many points are put down by hand: 70,000 calls of drawImage take seconds without a graphics card.
function stamp(pixels, sprite, left, top, alpha) {
  const {width, height, data: to} = pixels, side = sprite.width, from = sprite.pixels;
  const y0 = Math.max(0, -top), y1 = Math.min(side, height - top);
  const x0 = Math.max(0, -left), x1 = Math.min(side, width - left);
  for (let py = y0; py < y1; ++py) {
    for (let px = x0, f = 4 * (py * side + x0), t = 4 * ((top + py) * width + left + x0); px < x1; ++px, f += 4, t += 4) {
      const cover = from[f + 3] / 255 * alpha;
      if (cover === 0) continue;
      const under = to[t + 3] / 255 * (1 - cover), all = cover + under;
      for (let c = 0; c < 3; ++c) to[t + c] = (from[f + c] * cover + to[t + c] * under) / all;
      to[t + 3] = 255 * all;
    }
  }
}
function draw() {
  wanted = false;
  const ratio = Math.min(3, devicePixelRatio || 1), r = radius(), images = sprites(r, ratio);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, wide, high);
  const pixels = n > 5000 ? pen.createImageData(canvas.width, canvas.height) : null;
  for (const strong of matches ? [false, true] : [true]) {
    pen.globalAlpha = strong ? 1 : 0.15;
    for (const i of order) {
      if (!visible(i) || (matches && matches[i] !== (strong ? 1 : 0))) continue;
      const at = images[group[i]], cx = x(i), cy = y(i);
      if (cx < -9 || cy < -9 || cx > wide + 9 || cy > high + 9) continue;
      if (pixels) stamp(pixels, at, Math.round((cx - at.half) * ratio), Math.round((cy - at.half) * ratio), pen.globalAlpha);
      else pen.drawImage(at, cx - at.half, cy - at.half, 2 * at.half, 2 * at.half);
    }
  }
  if (pixels) pen.putImageData(pixels, 0, 0);
  pen.globalAlpha = 1;
  drawLabels();
  if (current >= 0) {
    pen.lineWidth = 2;
    pen.strokeStyle = colors().ink;
    pen.beginPath();
    pen.arc(x(current), y(current), r + 5, 0, 7);
    pen.stroke();
  }
}
function drawLabels() {
  const taken = [];
  pen.font = '600 15px system-ui, sans-serif';
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.lineJoin = 'round';
  for (const label of data.labels) {
    let text = label.text;
    while (text.length > 1 && pen.measureText(text).width > wide / 2.5) text = text.slice(0, -2) + '…';
    const half = pen.measureText(text).width / 2 + 4;
    const cx = left + label.x * data.width * scale, cy = top_ + label.y * data.height * scale;
    if (cx < -half || cx > wide + half || cy < -10 || cy > high + 10) continue;
    const middle = Math.min(Math.max(cx, half), Math.max(half, wide - half));
    for (const step of [0, -1, 1, -2, 2]) {
      const base = cy + step * 18;
      if (base < 9 || base > high - 9) continue;
      if (taken.some(t => Math.abs(t[0] - middle) < t[2] + half && Math.abs(t[1] - base) < 18)) continue;
      taken.push([middle, base, half]);
      pen.lineWidth = 4;
      pen.strokeStyle = colors().paper;
      pen.strokeText(text, middle, base);
      pen.fillStyle = colors().ink;
      pen.fillText(text, middle, base);
      break;
    }
  }
}
function redraw() {
  if (!wanted) { wanted = true; requestAnimationFrame(draw); }
}
function size() {
  const box = get('map').getBoundingClientRect(), ratio = Math.min(3, devicePixelRatio || 1);
  wide = box.width;
  high = box.height;
  canvas.width = Math.max(1, Math.round(wide * ratio));
  canvas.height = Math.max(1, Math.round(high * ratio));
  const old = [scale, left, top_];
  fit();
  whole = scale;
  if (touched) [scale, left, top_] = old;
  redraw();
}
function zoom(by, cx, cy) {
  touched = by !== 0;
  if (by === 0) fit();
  else {
    const next = Math.min(whole * 400, Math.max(whole / 4, scale * by));
    left = cx - (cx - left) * next / scale;
    top_ = cy - (cy - top_) * next / scale;
    scale = next;
  }
  hide();
  redraw();
}
function pan(dx, dy) {
  touched = true;
  left += dx;
  top_ += dy;
  hide();
  redraw();
}
function hide() {
  card.hidden = true;
  current = -1;
}
function show(i) {
  current = i;
  card.replaceChildren();
  if (data.pictures[i]) {
    const picture = document.createElement('img');
    picture.alt = '';
    picture.src = 'data:image/jpeg;base64,' + data.pictures[i];
    card.append(picture);
  }
  const name = document.createElement('div'), under = document.createElement('div');
  name.textContent = data.names[i] || 'picture ' + i;
  under.className = 'group';
  under.textContent = data.named ? data.groups[group[i]].name : '';
  card.append(name, under);
  card.hidden = false;
  const cx = Math.min(Math.max(x(i), 0), wide), cy = Math.min(Math.max(y(i), 0), high);
  const right = cx + 14 + card.offsetWidth > wide - 4;
  const below = cy + 14 + card.offsetHeight > high - 4;
  card.style.left = Math.max(4, right ? cx - 14 - card.offsetWidth : cx + 14) + 'px';
  card.style.top = Math.max(4, below ? cy - 14 - card.offsetHeight : cy + 14) + 'px';
  redraw();
}
function nearest(cx, cy) {
  let best = -1, least = 14 * 14;
  for (let i = 0; i < n; ++i) {
    const dx = x(i) - cx, dy = y(i) - cy, d = dx * dx + dy * dy;
    if (d < least && visible(i)) { least = d; best = i; }
  }
  return best;
}
function go(i) {
  touched = true;
  scale = Math.max(scale, whole * 2);
  left = wide / 2 - px[i] * scale;
  top_ = high / 2 - py[i] * scale;
  show(i);
}
function search() {
  const text = get('search').value.trim().toLowerCase(), list = get('hits').querySelector('ul');
  list.replaceChildren();
  hits = [];
  hit = -1;
  matches = null;
  hide();
  if (text) {
    matches = new Uint8Array(n);
    for (let i = 0; i < n; ++i) {
      if ((data.names[i] || '').toLowerCase().includes(text)) { matches[i] = 1; hits.push(i); }
    }
    for (const i of hits.slice(0, 50)) list.append(row(data.names[i], '', group[i], () => go(i)));
  }
  get('hits').hidden = hits.length === 0;
  get('found').textContent = text ? (hits.length ? hits.length.toLocaleString('en') + ' found' : 'nothing found') : '';
  redraw();
}
function row(name, count, g, click) {
  const item = document.createElement('li'), button = document.createElement('button');
  button.type = 'button';
  button.title = name;
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '-1.5 -1.5 3 3');
  svg.setAttribute('aria-hidden', 'true');
  const shape = document.createElementNS('http://www.w3.org/2000/svg', 'polygon');
  shape.setAttribute('points', data.marks[data.groups[g].mark].join(' '));
  shape.dataset.group = g;
  svg.append(shape);
  const text = document.createElement('span'), number = document.createElement('span');
  text.className = 'name';
  text.textContent = name;
  number.className = 'count';
  number.textContent = count;
  button.append(svg, text, number);
  button.addEventListener('click', () => click(button));
  item.append(button);
  paint(item);
  return item;
}
function paint(inside) {
  for (const shape of inside.querySelectorAll('[data-group]')) shape.setAttribute('fill', colors().groups[shape.dataset.group]);
}
function legend() {
  if (!data.named) return;
  const list = get('groups').querySelector('ul');
  data.groups.forEach((entry, g) => {
    const item = row(entry.name, entry.count.toLocaleString('en'), g, button => {
      shown[g] = !shown[g];
      button.setAttribute('aria-pressed', shown[g]);
      hide();
      redraw();
    });
    item.firstChild.setAttribute('aria-pressed', 'true');
    list.append(item);
  });
  get('groups').hidden = false;
  get('all').addEventListener('click', () => {
    const any = shown.includes(false);
    shown.fill(any);
    get('all').textContent = any ? 'Hide all' : 'Show all';
    for (const button of list.querySelectorAll('button')) button.setAttribute('aria-pressed', any);
    hide();
    redraw();
  });
  get('all').textContent = 'Hide all';
}
const fingers = new Map();
const spot = event => [event.clientX - canvas.getBoundingClientRect().left, event.clientY - canvas.getBoundingClientRect().top];
canvas.addEventListener('pointerdown', event => {
  canvas.setPointerCapture(event.pointerId);
  fingers.set(event.pointerId, spot(event));
  const i = nearest(...spot(event));
  if (i >= 0) show(i); else { hide(); redraw(); }
});
canvas.addEventListener('pointermove', event => {
  const now = spot(event), before = fingers.get(event.pointerId);
  if (!before) {
    const i = nearest(...now);
    if (i !== current) { if (i >= 0) show(i); else { hide(); redraw(); } }
    return;
  }
  if (fingers.size === 2) {
    const other = [...fingers].find(([id]) => id !== event.pointerId)[1];
    const reach = p => Math.max(1, Math.hypot(p[0] - other[0], p[1] - other[1]));
    zoom(reach(now) / reach(before), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
  } else if (now[0] !== before[0] || now[1] !== before[1]) {
    pan(now[0] - before[0], now[1] - before[1]);
  }
  fingers.set(event.pointerId, now);
});
for (const kind of ['pointerup', 'pointercancel']) canvas.addEventListener(kind, event => fingers.delete(event.pointerId));
canvas.addEventListener('pointerleave', () => { if (!fingers.size) { hide(); redraw(); } });
canvas.addEventListener('wheel', event => {
  event.preventDefault();
  zoom(Math.pow(1.0015, -event.deltaY * (event.deltaMode ? 20 : 1)), ...spot(event));
}, {passive: false});
canvas.addEventListener('keydown', event => {
  const step = 60, keys = {ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step]};
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (keys[event.key]) pan(...keys[event.key]);
  else if (event.key === '+' || event.key === '=') zoom(1.3, wide / 2, high / 2);
  else if (event.key === '-') zoom(1 / 1.3, wide / 2, high / 2);
  else if (event.key === '0') zoom(0);
  else if (event.key === 'Enter' && hits.length) go(hits[hit = (hit + 1) % hits.length]);
  else if (event.key === 'Escape') { hide(); redraw(); }
  else return;
  event.preventDefault();
});
for (const button of document.querySelectorAll('[data-zoom]')) {
  button.addEventListener('click', () => zoom(Number(button.dataset.zoom), wide / 2, high / 2));
}
get('search').addEventListener('input', search);
get('search').addEventListener('keydown', event => {
  if (event.key === 'Enter' && hits.length) go(hits[hit = (hit + 1) % hits.length]);
});
function retheme() {
  paint(document);
  redraw();
}
get('theme').addEventListener('click', () => {
  document.documentElement.dataset.theme = dark() ? 'light' : 'dark';
  retheme();
});
media.addEventListener('change', retheme);
for (const remark of data.remarks) {
  const line = document.createElement('p');
  line.textContent = remark;
  document.querySelector('footer').append(line);
}
document.querySelector('footer').hidden = !data.remarks.length;
get('empty').hidden = n > 0;
get('zoom').hidden = n === 0;
get('search').hidden = !data.names.length;
legend();
size();
draw();
new ResizeObserver(size).observe(get('map'));
)script";

}  // namespace alike::draw
