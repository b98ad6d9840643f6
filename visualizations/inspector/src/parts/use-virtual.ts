import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
} from '@tanstack/virtual-core';
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';

export interface VirtualRows<Scroller extends HTMLElement> {
  /** For the element that scrolls. */
  readonly scroller: { current: Scroller | null };
  /** The rows to draw, each with its `start` in pixels. */
  readonly items: readonly VirtualItem[];
  /** Of all rows, in pixels. */
  readonly height: number;
  scrollTo(index: number): void;
}

/** Draws of many rows only those that are in sight. All are `rowHeight` pixels high. */
export function useVirtualRows<Scroller extends HTMLElement>(options: {
  readonly count: number;
  readonly rowHeight: number;
  /** Rows drawn beyond the edge. */
  readonly overscan?: number;
}): VirtualRows<Scroller> {
  const scroller = useRef<Scroller | null>(null);
  const [, redraw] = useReducer((count: number, _: undefined) => count + 1, 0);
  const all = {
    count: options.count,
    overscan: options.overscan ?? 8,
    estimateSize: () => options.rowHeight,
    getScrollElement: () => scroller.current,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => redraw(undefined),
  };
  const [virtualizer] = useState(() => new Virtualizer<Scroller, Element>(all));
  virtualizer.setOptions(all);
  useEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  return {
    scroller,
    items: virtualizer.getVirtualItems(),
    height: virtualizer.getTotalSize(),
    scrollTo: (index) => virtualizer.scrollToIndex(index, { align: 'auto' }),
  };
}
