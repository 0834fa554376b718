// The few WebGL2 calls that are the same for everything that is drawn.

export type Gl = WebGL2RenderingContext;

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/** Whether WebGL2 is there and done by a graphics card, not by the processor. */
export function hasCard(): boolean {
  const wishes = { failIfMajorPerformanceCaveat: true };
  const gl = document.createElement('canvas').getContext('webgl2', wishes) as Gl | null;
  if (!gl) return false;
  const known = gl.getExtension('WEBGL_debug_renderer_info');
  const name = String(gl.getParameter(known ? known.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return !SOFTWARE.test(name);
}

/** A program and the places of its uniforms. Throws with the log of the driver. */
export class Program {
  private readonly program: WebGLProgram;
  private readonly places = new Map<string, WebGLUniformLocation | null>();

  constructor(
    private readonly gl: Gl,
    vertex: string,
    fragment: string,
  ) {
    this.program = gl.createProgram();
    const sources = [[gl.VERTEX_SHADER, vertex] as const, [gl.FRAGMENT_SHADER, fragment] as const];
    const shaders = sources.map(([kind, source]) => {
      const shader = gl.createShader(kind);
      if (!shader) throw new Error('WebGL makes no shader');
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(this.program, shader);
      return shader;
    });
    gl.linkProgram(this.program);
    if (!gl.getProgramParameter(this.program, gl.LINK_STATUS) && !gl.isContextLost()) {
      const logs = shaders.map((shader) => gl.getShaderInfoLog(shader)).join('\n');
      throw new Error(`${gl.getProgramInfoLog(this.program) ?? ''}\n${logs}`);
    }
    for (const shader of shaders) gl.deleteShader(shader);
  }

  use(): void {
    this.gl.useProgram(this.program);
  }

  place(uniform: string): WebGLUniformLocation | null {
    if (!this.places.has(uniform)) {
      this.places.set(uniform, this.gl.getUniformLocation(this.program, uniform));
    }
    return this.places.get(uniform) ?? null;
  }
}

/** Puts `data` into a buffer on the card, made anew where it does not fit. */
export function upload(gl: Gl, buffer: WebGLBuffer, data: ArrayBufferView, usage: number): void {
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.bufferData(gl.ARRAY_BUFFER, data, usage);
}

/** A texture that is read between texels (`filter` LINEAR) or not at all between (NEAREST). */
export function makeTexture(gl: Gl, target: number, filter: number): WebGLTexture {
  const texture = gl.createTexture();
  gl.bindTexture(target, texture);
  gl.texParameteri(target, gl.TEXTURE_MIN_FILTER, filter);
  gl.texParameteri(target, gl.TEXTURE_MAG_FILTER, filter);
  gl.texParameteri(target, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(target, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  return texture;
}
