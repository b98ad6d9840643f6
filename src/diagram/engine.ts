/** The part of elkjs that is used. Its own types are not installed with a package that has it as an optional peer. */
import { DiagramError } from './error.ts';

/** `new ELK()` of elkjs: given, for instance, to lay out in a Web Worker. */
export interface LayoutEngine {
  layout(graph: LayoutNode): Promise<unknown>;
}

export interface LayoutNode {
  readonly id: string;
  readonly x?: number;
  readonly y?: number;
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
  readonly sections?: readonly LayoutSection[];
}

interface LayoutLabel {
  readonly text: string;
  readonly x?: number;
  readonly y?: number;
  readonly width: number;
  readonly height: number;
  readonly layoutOptions?: Record<string, string>;
}

interface LayoutSection {
  readonly startPoint: { readonly x: number; readonly y: number };
  readonly endPoint: { readonly x: number; readonly y: number };
  readonly bendPoints?: readonly { readonly x: number; readonly y: number }[];
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
