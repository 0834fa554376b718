// The pictures and their cells. Those last in view stay; a few are asked for at a time.

/** Requests at a time: a browser has six connections to a server, and others need some. */
const PARALLEL = 4;

export class Thumbnails<T> {
  /** Cells of the loaded pictures, by id, the least recently used first. */
  private readonly cells = new Map<number, number>();
  private readonly free: number[];
  private queue: number[] = [];
  private readonly loading = new Set<number>();
  private readonly failed = new Set<number>();
  private wanted: ReadonlySet<number> = new Set();

  /** `ready`: a picture came and is to be put into this cell. */
  constructor(
    count: number,
    private readonly load: (id: number) => Promise<T>,
    private readonly ready: (cell: number, picture: T) => void,
  ) {
    this.free = Array.from({ length: count }, (_, i) => count - 1 - i);
  }

  /** Cell of a picture, or undefined while it is not loaded. */
  cellOf(id: number): number | undefined {
    return this.cells.get(id);
  }

  /** Asks for the pictures in view now; earlier requests without an answer yet may wait. */
  want(ids: number[]): void {
    this.wanted = new Set(ids);
    for (const id of ids) {
      const cell = this.cells.get(id);
      if (cell === undefined) continue;
      this.cells.delete(id);
      this.cells.set(id, cell);
    }
    const known = (id: number): boolean =>
      this.cells.has(id) || this.loading.has(id) || this.failed.has(id);
    this.queue = ids.filter((id) => !known(id));
    this.fill();
  }

  /** Forgets all pictures: their cells were lost. */
  clear(): void {
    this.free.push(...this.cells.values());
    this.cells.clear();
    this.failed.clear();
  }

  private fill(): void {
    while (this.loading.size < PARALLEL) {
      const id = this.queue.shift();
      if (id === undefined) return;
      this.loading.add(id);
      void this.fetch(id);
    }
  }

  private async fetch(id: number): Promise<void> {
    try {
      const picture = await this.load(id);
      const cell = this.takeCell();
      if (cell !== undefined) {
        this.cells.set(id, cell);
        this.ready(cell, picture);
      }
    } catch {
      // The point stays a point; asking again at every frame would not help.
      this.failed.add(id);
    }
    this.loading.delete(id);
    this.fill();
  }

  /** A free cell, or that of the least recently used picture; none if all are in view now. */
  private takeCell(): number | undefined {
    const free = this.free.pop();
    if (free !== undefined) return free;
    const [id, cell] = this.cells.entries().next().value ?? [];
    if (id === undefined || this.wanted.has(id)) return undefined;
    this.cells.delete(id);
    return cell;
  }
}
