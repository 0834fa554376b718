// Pictures in place of points: an atlas of cells on the card, and a quad for each picture shown.
import { makeTexture, Program, upload, type Gl } from './gl';
import { CELL, CELLS, pointAt, type Frame, type Picture } from './renderer';
import { PICTURE_FRAGMENT, PICTURE_VERTEX } from './shaders';
import { toScreen } from './view';

/** Texels of a side of a layer of the atlas, and cells in a row of it. */
const LAYER = 1024;
const ROW = LAYER / CELL;
/** Numbers of a quad: box 4, place 3, share 2, look 2. */
const FIELDS = [4, 3, 2, 2];
const STRIDE = 11;

export class PictureLayer {
  private readonly program: Program;
  private readonly atlas: WebGLTexture;
  private readonly quads: WebGLBuffer;
  /** Width and height of the picture in each cell, as shares of the cell. */
  private readonly shares = new Float32Array(2 * CELLS);

  constructor(
    private readonly gl: Gl,
    private readonly palette: WebGLTexture,
  ) {
    this.program = new Program(gl, PICTURE_VERTEX, PICTURE_FRAGMENT);
    this.quads = gl.createBuffer();
    this.atlas = makeTexture(gl, gl.TEXTURE_2D_ARRAY, gl.LINEAR);
    gl.texStorage3D(gl.TEXTURE_2D_ARRAY, 1, gl.RGBA8, LAYER, LAYER, CELLS / ROW ** 2);
  }

  /** Puts a picture, at most CELL pixels wide and high, into a cell. */
  set(cell: number, picture: ImageBitmap): void {
    const { gl } = this;
    const [x, y, layer] = placeOf(cell);
    const [width, height] = [Math.min(CELL, picture.width), Math.min(CELL, picture.height)];
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, this.atlas);
    gl.texSubImage3D(
      ...([gl.TEXTURE_2D_ARRAY, 0, x, y, layer, width, height, 1] as const),
      ...([gl.RGBA, gl.UNSIGNED_BYTE, picture] as const),
    );
    this.shares.set([width / CELL, height / CELL], 2 * cell);
  }

  draw(
    frame: Frame,
    xy: Uint16Array,
    start: Uint16Array,
    entries: Uint8Array,
    states: Uint8Array,
  ): void {
    const { gl, program } = this;
    if (frame.pictures.length === 0) return;
    const quads = new Float32Array(STRIDE * frame.pictures.length);
    frame.pictures.forEach((picture, i) => {
      const look = [entries[picture.index]!, states[picture.index]!];
      quads.set([...this.quad(frame, picture, xy, start), ...look], STRIDE * i);
    });
    program.use();
    this.bindQuads(quads);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.palette);
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, this.atlas);
    gl.uniform1i(program.place('palette'), 0);
    gl.uniform1i(program.place('atlas'), 1);
    gl.uniform1f(program.place('cell'), CELL);
    gl.uniform1f(program.place('ratio'), frame.ratio);
    gl.uniform1f(program.place('side'), frame.side * frame.ratio);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, frame.pictures.length);
    gl.activeTexture(gl.TEXTURE0);
  }

  /** box, place and share of a picture. */
  private quad(frame: Frame, picture: Picture, xy: Uint16Array, start: Uint16Array): number[] {
    const { view, side } = frame;
    const [width, height] = [this.shares[2 * picture.cell]!, this.shares[2 * picture.cell + 1]!];
    const { x, y } = toScreen(view, pointAt(xy, start, frame.t, picture.index));
    return [
      ...[(2 * x) / view.width - 1, 1 - (2 * y) / view.height],
      ...[(side * width) / view.width, (side * height) / view.height],
      ...placeOf(picture.cell),
      ...[width, height],
    ];
  }

  private bindQuads(quads: Float32Array): void {
    const { gl } = this;
    upload(gl, this.quads, quads, gl.STREAM_DRAW);
    let offset = 0;
    FIELDS.forEach((size, place) => {
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, size, gl.FLOAT, false, 4 * STRIDE, 4 * offset);
      gl.vertexAttribDivisor(place, 1);
      offset += size;
    });
  }
}

/** Left, top and layer of a cell. */
function placeOf(cell: number): [number, number, number] {
  return [(cell % ROW) * CELL, (Math.floor(cell / ROW) % ROW) * CELL, Math.floor(cell / ROW ** 2)];
}
