import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { type Chart, type Drawing, drawSvg } from 'chartroom/diagram';
import type { ChartMoment } from 'chartroom/inspect';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../parts/icon.tsx';
import { litOf } from './lit.ts';
import { fitted, moved, type Viewport, zoomed } from './viewport.ts';

/** Elements by what they stand for: a line may stand for several transitions. */
interface Parts {
  readonly states: ReadonlyMap<string, readonly Element[]>;
  readonly edges: ReadonlyMap<string, readonly Element[]>;
}

const STEP = 1.25;
const PAN = 60;

/** The drawing itself: it is put into the page once, and afterwards only classes are toggled. */
export function ChartDrawing(props: { chart: Chart; drawing: Drawing; now: ChartMoment; title: string }) {
  const { chart, drawing, now, title } = props;
  const frame = useRef<HTMLDivElement>(null);
  const paper = useRef<HTMLDivElement>(null);
  const parts = useRef<Parts>({ states: new Map(), edges: new Map() });
  const view = useSignal<Viewport>({ x: 0, y: 0, k: 1 });
  /** Until somebody moves it, a drawing follows the size of its frame. */
  const isOwn = useRef(false);
  const percent = useComputed(() => `${Math.round(view.value.k * 100)} %`);

  useLayoutEffect(() => {
    if (!paper.current) return;
    paper.current.innerHTML = drawSvg(chart, drawing, { theme: 'css', title });
    parts.current = partsOf(paper.current);
  }, [chart, drawing, title]);

  useLayoutEffect(() => {
    const { active, lastEdge } = litOf(chart, now);
    light(parts.current.states, new Set(active), 'active');
    light(parts.current.edges, new Set(lastEdge === undefined ? [] : [lastEdge]), 'taken');
  }, [chart, drawing, title, now]);

  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    isOwn.current = false;
    const showAll = () => {
      if (!isOwn.current) view.value = fitted(drawing, sizeOf(element));
    };
    showAll();
    const observer = new ResizeObserver(showAll);
    observer.observe(element);
    return () => observer.disconnect();
  }, [drawing, view]);

  useSignalEffect(() => {
    const { x, y, k } = view.value;
    if (paper.current) paper.current.style.transform = `translate(${x}px, ${y}px) scale(${k})`;
  });

  const place = (next: Viewport) => {
    isOwn.current = true;
    view.value = next;
  };
  const zoom = (factor: number, x?: number, y?: number) => {
    const { width, height } = sizeOf(frame.current);
    place(zoomed(view.peek(), factor, x ?? width / 2, y ?? height / 2));
  };
  const pan = (dx: number, dy: number) => place(moved(view.peek(), dx, dy, drawing, sizeOf(frame.current)));
  const showAll = () => {
    isOwn.current = false;
    view.value = fitted(drawing, sizeOf(frame.current));
  };

  // A wheel listener of Preact's would be passive, and the page would scroll with the drawing.
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const turn = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      const isZoom = event.ctrlKey || event.metaKey;
      if (isZoom) zoom(Math.exp(-event.deltaY / 200), event.clientX - left, event.clientY - top);
      else pan(-event.deltaX, -event.deltaY);
    };
    element.addEventListener('wheel', turn, { passive: false });
    return () => element.removeEventListener('wheel', turn);
  });

  const keys: Readonly<Record<string, () => void>> = {
    '+': () => zoom(STEP),
    '=': () => zoom(STEP),
    '-': () => zoom(1 / STEP),
    '0': showAll,
    ArrowLeft: () => pan(PAN, 0),
    ArrowRight: () => pan(-PAN, 0),
    ArrowUp: () => pan(0, PAN),
    ArrowDown: () => pan(0, -PAN),
  };

  return (
    <div class="chart-frame">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields */}
      <div
        ref={frame}
        class="chart-view"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is moved and zoomed by keys
        tabIndex={0}
        role="group"
        aria-label={`${title}: arrows move it, plus and minus zoom, 0 shows all`}
        onKeyDown={(event) => {
          const run = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
          if (!run) return;
          event.preventDefault();
          event.stopPropagation();
          run();
        }}
        onPointerDown={(event) => {
          if (event.button === 0) event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) pan(event.movementX, event.movementY);
        }}
      >
        <div ref={paper} class="chart-paper" />
      </div>
      <div class="chart-zoom">
        <button type="button" class="icon-button" aria-label="Zoom out" onClick={() => zoom(1 / STEP)}>
          −
        </button>
        <span class="mono muted">{percent}</span>
        <button type="button" class="icon-button" aria-label="Zoom in" onClick={() => zoom(STEP)}>
          <Icon name="plus" size={12} />
        </button>
        <button type="button" class="button quiet small" onClick={showAll}>
          Fit
        </button>
      </div>
    </div>
  );
}

function partsOf(paper: Element): Parts {
  const collect = (name: string, idsOf: (value: string) => string[]) => {
    const found = new Map<string, Element[]>();
    for (const element of paper.querySelectorAll(`[data-${name}]`))
      for (const id of idsOf(element.getAttribute(`data-${name}`) ?? ''))
        found.set(id, [...(found.get(id) ?? []), element]);
    return found;
  };
  return { states: collect('state', (id) => [id]), edges: collect('edge', (ids) => ids.split(' ')) };
}

function light(parts: Parts['states'], lit: ReadonlySet<string>, name: string): void {
  const elements = new Map<Element, boolean>();
  for (const [id, each] of parts)
    for (const element of each) elements.set(element, lit.has(id) || elements.get(element) === true);
  for (const [element, on] of elements) element.classList.toggle(name, on);
}

function sizeOf(element: Element | null) {
  return { width: element?.clientWidth || 1, height: element?.clientHeight || 1 };
}
