/** The part of elkjs that is used. Its own types are not installed with a package that has it as an optional peer. */
import type { Box, Point } from './drawing.ts';
import { DiagramError } from './error.ts';

/** `new ELK()` of elkjs: given, for instance, to lay out in a Web Worker. */
export interface LayoutEngine {
  layout(graph: LayoutNode): Promise<unknown>;
}

export interface LayoutNode {
  readonly id: string;
  readonly width?: number;
  readonly height?: number;
  readonly layoutOptions?: Record<string, string>;
  readonly children?: LayoutNode[];
  readonly edges?: LayoutEdge[];
}

export interface LayoutEdge {
  readonly id: string;
  readonly sources: string[];
  readonly targets: string[];
  readonly labels?: LayoutLabel[];
  readonly layoutOptions?: Record<string, string>;
}

export interface LayoutLabel {
  readonly text: string;
  readonly width: number;
  readonly height: number;
  readonly layoutOptions?: Record<string, string>;
}

/** What comes back: the same graph, with places. */
export interface LaidOutNode extends Partial<Box> {
  readonly id: string;
  readonly children?: readonly LaidOutNode[];
  readonly edges?: readonly LaidOutEdge[];
}

export interface LaidOutEdge {
  readonly id: string;
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  readonly labels?: readonly Partial<Box>[];
  readonly sections?: readonly {
    readonly startPoint: Point;
    readonly endPoint: Point;
    readonly bendPoints?: readonly Point[];
  }[];
}

/** elkjs in this very thread. Rejects with `LAYOUT_MISSING` when it is not installed. */
export async function loadEngine(): Promise<LayoutEngine> {
  try {
    const { default: Elk } = (await import('elkjs/lib/elk.bundled.js')) as unknown as {
      default: new () => LayoutEngine;
    };
    return new Elk();
  } catch (cause) {
    const message = 'Diagrams are laid out by elkjs, which is not installed: npm install elkjs';
    throw new DiagramError('LAYOUT_MISSING', message, { cause });
  }
}
