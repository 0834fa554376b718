// One thing that a page loads: its value, that it is on its way, or the problem.
import { isAbort, problemOf, type Problem } from '../api/problem';

export class Loader<T> {
  value: T | undefined = $state.raw();
  problem: Problem | undefined = $state.raw();
  pending = $state(false);
  #turn = 0;

  /// Keeps the present value until the new one has come; a late answer to an earlier call is dropped.
  async load(get: () => Promise<T>): Promise<void> {
    const turn = ++this.#turn;
    this.pending = true;
    try {
      const value = await get();
      if (turn !== this.#turn) return;
      this.value = value;
      this.problem = undefined;
    } catch (cause) {
      if (turn !== this.#turn || isAbort(cause)) return;
      this.problem = problemOf(cause);
    } finally {
      if (turn === this.#turn) this.pending = false;
    }
  }

  clear() {
    ++this.#turn;
    this.value = undefined;
    this.problem = undefined;
    this.pending = false;
  }
}
