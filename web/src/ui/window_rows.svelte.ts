// Which rows of a long list are on the screen, for a list that scrolls with the page.
import { observeWindowOffset, observeWindowRect, Virtualizer, windowScroll, type VirtualItem, type VirtualizerOptions } from '@tanstack/virtual-core';
import { untrack } from 'svelte';

export interface RowSizes {
  count: number;
  height: (row: number) => number;
  /// How far below the top of the page the list begins.
  top: number;
  /// Rows that are kept ready above and below the screen.
  beyond: number;
}

export class WindowRows {
  shown: VirtualItem[] = $state.raw([]);
  total = $state(0);
  #virtualizer: Virtualizer<Window, Element>;

  /// Call while a component is made; `sizes` may read state.
  constructor(sizes: () => RowSizes) {
    this.#virtualizer = new Virtualizer(this.#options(untrack(sizes)));
    $effect(() => this.#virtualizer._didMount());
    $effect(() => {
      const now = sizes();
      untrack(() => {
        this.#virtualizer.setOptions(this.#options(now));
        this.#virtualizer.measure();
        this.#virtualizer._willUpdate();
        this.#update();
      });
    });
  }

  scrollTo(row: number) {
    this.#virtualizer.scrollToIndex(row, { align: 'auto' });
  }

  #options({ count, height, top, beyond }: RowSizes): VirtualizerOptions<Window, Element> {
    return {
      count, estimateSize: height, scrollMargin: top, overscan: beyond, scrollPaddingStart: 72, scrollPaddingEnd: 72,
      getScrollElement: (): Window => window, observeElementRect: observeWindowRect, observeElementOffset: observeWindowOffset,
      scrollToFn: windowScroll, initialRect: { width: innerWidth, height: innerHeight }, initialOffset: () => scrollY,
      onChange: () => this.#update(),
    };
  }

  #update() {
    this.shown = this.#virtualizer.getVirtualItems();
    this.total = this.#virtualizer.getTotalSize();
  }
}
