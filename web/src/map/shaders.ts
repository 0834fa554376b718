// The programs of the graphics card. Colours leave premultiplied by their opacity.
import { DIMMED, HIDDEN, SELECTED } from './states';

export const POINT_VERTEX = `#version 300 es
layout(location = 0) in vec2 start;
layout(location = 1) in vec2 end;
layout(location = 2) in uint entry;
layout(location = 3) in uint state;
uniform vec2 middle;    // of the screen, in the world
uniform vec2 zoom;      // clip units in a unit of the world
uniform float t;
uniform float diameter; // device pixels
uniform float opacity;
uniform bool selected;  // whether to draw the selected points or the others
uniform sampler2D palette;
flat out vec4 color;
flat out int shape;
flat out float size;
void main() {
  bool is_selected = (state & ${SELECTED}u) != 0u;
  if ((state & ${HIDDEN}u) != 0u || is_selected != selected) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    gl_PointSize = 0.0;
    return;
  }
  vec4 look = texelFetch(palette, ivec2(int(entry), 0), 0);
  bool dimmed = (state & ${DIMMED}u) != 0u;
  color = vec4(look.rgb, dimmed ? 0.15 : is_selected ? 1.0 : opacity);
  shape = diameter < 5.0 ? 0 : int(look.a * 255.0 + 0.5);
  size = is_selected ? max(diameter * 1.4, 4.0) : diameter;
  gl_PointSize = size + 1.0;
  gl_Position = vec4((mix(start, end, t) - middle) * zoom, 0.0, 1.0);
}`;

// The shapes are those of SHAPES in palette.ts, each as the distance to its edge in pixels.
export const POINT_FRAGMENT = `#version 300 es
precision highp float;
flat in vec4 color;
flat in int shape;
flat in float size;
out vec4 result;
float edge(vec2 p, float r) {
  vec2 q = abs(p);
  if (shape == 1) return max(q.x, q.y) - 0.84 * r;
  if (shape == 2) return max(0.87 * q.x - 0.5 * p.y, p.y) - 0.6 * r;
  if (shape == 3) return 0.71 * (q.x + q.y - 1.05 * r);
  if (shape == 4) return max(max(q.x, q.y) - r, min(q.x, q.y) - 0.36 * r);
  if (shape == 5) return abs(length(p) - 0.75 * r) - 0.25 * r;
  return length(p) - r;
}
void main() {
  vec2 p = (gl_PointCoord - 0.5) * (size + 1.0);
  float alpha = color.a * clamp(0.5 - edge(p, 0.5 * size), 0.0, 1.0);
  if (alpha == 0.0) discard;
  result = vec4(color.rgb * alpha, alpha);
}`;

export const PICTURE_VERTEX = `#version 300 es
layout(location = 0) in vec4 box;   // middle and half of width and height, in clip units
layout(location = 1) in vec3 place; // left, top and layer in the atlas, in texels and layers
layout(location = 2) in vec2 share; // of a cell that the picture fills
layout(location = 3) in vec2 look;  // entry of the palette, state
uniform sampler2D palette;
uniform float side;                 // of a picture and its frame, device pixels
out vec2 corner;
flat out vec2 extent;
flat out vec4 color;
flat out vec3 origin;
flat out vec2 span;
void main() {
  corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  int state = int(look.y);
  extent = side * share;
  color = vec4(texelFetch(palette, ivec2(int(look.x), 0), 0).rgb, 1.0);
  if ((state & ${DIMMED}) != 0) color.a = 0.3;
  if ((state & ${SELECTED}) != 0) color.a = 2.0;
  origin = place;
  span = share;
  gl_Position = vec4(box.xy + (corner * 2.0 - 1.0) * vec2(1.0, -1.0) * box.zw, 0.0, 1.0);
}`;

export const PICTURE_FRAGMENT = `#version 300 es
precision highp float;
precision highp sampler2DArray;
in vec2 corner;
flat in vec2 extent;
flat in vec4 color; // opacity above 1: a thicker frame
flat in vec3 origin;
flat in vec2 span;
uniform sampler2DArray atlas;
uniform float cell; // texels
uniform float ratio;
out vec4 result;
void main() {
  float frame = ratio * (color.a > 1.0 ? 3.5 : 1.5);
  vec2 inner = (corner * extent - frame) / (extent - 2.0 * frame);
  float alpha = min(color.a, 1.0);
  vec2 texels = vec2(textureSize(atlas, 0).xy);
  vec2 within = clamp(inner * span * cell, vec2(0.5), span * cell - 0.5);
  vec3 seen = texture(atlas, vec3((origin.xy + within) / texels, origin.z)).rgb;
  bool framed = any(lessThan(inner, vec2(0.0))) || any(greaterThan(inner, vec2(1.0)));
  result = vec4((framed ? color.rgb : seen) * alpha, alpha);
}`;
