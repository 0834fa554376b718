// The picture that is looked at closely, and those before and after it.
import type { Item } from '../api/types';

class Viewer {
  item: Item | undefined = $state.raw();
  #among: Item[] = [];

  show(item: Item, among: Item[] = [item]) {
    this.item = item;
    this.#among = among;
  }

  close() {
    this.item = undefined;
  }

  /// By −1 to the one before, by 1 to the one after; stays at the ends.
  step(by: number) {
    const place = this.#among.findIndex((item) => item.id === this.item?.id);
    this.item = this.#among[place + by] ?? this.item;
  }
}

export const viewer = new Viewer();
