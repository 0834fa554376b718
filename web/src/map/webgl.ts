// Draws with WebGL2. Everything on the card can be made again from the data kept here, should the
// card be lost; only the pictures are asked for anew.
import { makeTexture, Program, upload, type Gl } from './gl';
import { PictureLayer } from './picture_layer';
import type { Frame, Renderer } from './renderer';
import { inOrder, sampleSize, shuffled } from './sample';
import { POINT_FRAGMENT, POINT_VERTEX } from './shaders';
import { placesOf, SELECTED } from './states';

export class WebglRenderer implements Renderer {
  readonly kind = 'webgl2';
  private xy: Uint16Array = new Uint16Array(0);
  private start: Uint16Array = new Uint16Array(0);
  private entries: Uint8Array = new Uint8Array(0);
  private palette: Uint8Array = new Uint8Array(4 * 256);
  private states: Uint8Array = new Uint8Array(0);
  private card: Card;
  private readonly listening = new AbortController();

  /** `onrestore`: all pictures were lost, and it can draw again. */
  constructor(
    private readonly gl: Gl,
    onrestore: () => void,
  ) {
    this.card = new Card(gl);
    const { signal } = this.listening;
    const restore = (): void => {
      this.card = new Card(gl);
      this.card.setPoints(this.xy, this.start);
      this.card.setColors(this.entries, this.palette);
      this.card.setStates(this.states);
      onrestore();
    };
    // Without preventDefault a browser does not restore the context.
    gl.canvas.addEventListener('webglcontextlost', (event) => event.preventDefault(), { signal });
    gl.canvas.addEventListener('webglcontextrestored', restore, { signal });
  }

  setPoints(xy: Uint16Array, start: Uint16Array): void {
    [this.xy, this.start] = [xy, start];
    this.card.setPoints(xy, start);
  }

  setColors(entries: Uint8Array, palette: Uint8Array): void {
    [this.entries, this.palette] = [entries, palette];
    this.card.setColors(entries, palette);
  }

  setStates(states: Uint8Array): void {
    this.states = states;
    this.card.setStates(states);
  }

  setPicture(cell: number, picture: ImageBitmap): void {
    this.card.pictures.set(cell, picture);
  }

  draw(frame: Frame): void {
    if (this.gl.isContextLost()) return;
    const { gl, states } = this;
    const { width, height } = frame.view;
    gl.viewport(0, 0, Math.round(width * frame.ratio), Math.round(height * frame.ratio));
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    this.card.drawPoints(frame, states.length);
    this.card.pictures.draw(frame, this.xy, this.start, this.entries, states);
  }

  dispose(): void {
    this.listening.abort();
    this.gl.getExtension('WEBGL_lose_context')?.loseContext();
  }
}

/**
 * The data on the card; of no use once the context is lost. Points lie there in a random order, so
 * that the first of them are a sample of all.
 */
class Card {
  readonly pictures: PictureLayer;
  private readonly points: Program;
  private readonly palette: WebGLTexture;
  private readonly buffers: Record<'start' | 'xy' | 'entries' | 'states' | 'selected', WebGLBuffer>;
  private order: Uint32Array = new Uint32Array(0);
  private selected = 0;

  constructor(private readonly gl: Gl) {
    this.points = new Program(gl, POINT_VERTEX, POINT_FRAGMENT);
    this.palette = makeTexture(gl, gl.TEXTURE_2D, gl.NEAREST);
    this.pictures = new PictureLayer(gl, this.palette);
    this.buffers = {
      start: gl.createBuffer(),
      xy: gl.createBuffer(),
      entries: gl.createBuffer(),
      states: gl.createBuffer(),
      selected: gl.createBuffer(),
    };
  }

  setPoints(xy: Uint16Array, start: Uint16Array): void {
    const { gl, buffers } = this;
    if (this.order.length !== xy.length / 2) this.order = shuffled(xy.length / 2);
    const ends = inOrder(xy, this.order, 2);
    upload(gl, buffers.xy, ends, gl.STATIC_DRAW);
    upload(gl, buffers.start, start === xy ? ends : inOrder(start, this.order, 2), gl.STATIC_DRAW);
  }

  setColors(entries: Uint8Array, palette: Uint8Array): void {
    const { gl } = this;
    upload(gl, this.buffers.entries, inOrder(entries, this.order), gl.STATIC_DRAW);
    gl.bindTexture(gl.TEXTURE_2D, this.palette);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, palette);
  }

  setStates(states: Uint8Array): void {
    const { gl, buffers } = this;
    const ordered = inOrder(states, this.order);
    const selected = placesOf(ordered, SELECTED);
    this.selected = selected.length;
    upload(gl, buffers.states, ordered, gl.DYNAMIC_DRAW);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffers.selected);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, selected, gl.DYNAMIC_DRAW);
  }

  drawPoints(frame: Frame, count: number): void {
    const { gl, points } = this;
    const { view, ratio, share } = frame;
    points.use();
    this.bindPoints();
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.palette);
    gl.uniform1i(points.place('palette'), 0);
    gl.uniform2f(points.place('middle'), view.x, view.y);
    gl.uniform2f(
      points.place('zoom'),
      (2 * view.scale) / view.width,
      (2 * view.scale) / view.height,
    );
    gl.uniform1f(points.place('t'), frame.t);
    gl.uniform1f(points.place('diameter'), frame.diameter * ratio);
    gl.uniform1f(points.place('opacity'), count > 200_000 ? 0.6 : 0.85);
    gl.uniform1i(points.place('selected'), 0);
    gl.drawArrays(gl.POINTS, 0, sampleSize(count, share));
    if (this.selected === 0) return;
    // They come last, so that they lie on top, and all of them always.
    gl.uniform1i(points.place('selected'), 1);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.buffers.selected);
    gl.drawElements(gl.POINTS, this.selected, gl.UNSIGNED_INT, 0);
  }

  /** Attributes 0 to 3 of the points. */
  private bindPoints(): void {
    const { gl, buffers } = this;
    [buffers.start, buffers.xy, buffers.entries, buffers.states].forEach((buffer, place) => {
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.enableVertexAttribArray(place);
      gl.vertexAttribDivisor(place, 0);
      if (place < 2) gl.vertexAttribPointer(place, 2, gl.UNSIGNED_SHORT, true, 0, 0);
      else gl.vertexAttribIPointer(place, 1, gl.UNSIGNED_BYTE, 0, 0);
    });
  }
}
