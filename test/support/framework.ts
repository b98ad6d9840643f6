/**
 * What a framework brings to be tested as the others are: a few small components over its binding, and a way to
 * put one on the page. Each shows what it knows under the roles and labels that `test/bindings/*.ts` look for.
 */
import type { InitialData, IsEqual, SessionState } from '../../src/bindings/index.ts';
import type { ListFilter, SessionClient } from '../../src/client.ts';
import type { ScriptedEvent } from './scripted-agent.ts';

export interface ComponentProps {
  /** A list `sessions` of `<id> <messageCount>`, one component for each row; the status or error code as `status`. */
  sessions: { filter?: ListFilter | undefined; rendered?: (id: string) => void };
  /**
   * A region named after the id: `status`, and a list `messages` of them and of the answers that are being told,
   * which are busy. The session is made on mount when `create` says so.
   */
  room: { id?: string | undefined; create?: boolean; rendered?: () => void };
  /** Shows nothing, and has its session made. */
  silent: { id: string };
  /** What is selected, as `status`. */
  selected: {
    id: string;
    select: (state: SessionState) => string | number;
    isEqual?: IsEqual<string | number>;
    rendered?: () => void;
  };
  /**
   * `<action> is pending`, the error code or `at rest` as `status`; buttons `send`, `misuse`, whose rejection nobody
   * handles, and `finish`. `send` is told to `called` at every rendering, and the id of a message that was sent.
   */
  box: { id?: string | undefined; called?: (send: unknown) => void; sent?: (id: string) => void };
  /** A button that makes the session `ada`: `new`, then the name of its action; disabled while that is pending. */
  maker: Record<never, never>;
}

export interface MountOptions {
  readonly initialData?: InitialData;
  /** What a component throws while it renders. */
  readonly caught?: (error: unknown) => void;
}

export interface Mounted<P> {
  set(props: Partial<P>): void;
  unmount(): void;
}

export interface Framework {
  /** Under a provider of `client`; unmounted when the test has finished, at the latest. */
  mount<C extends keyof ComponentProps>(
    component: C,
    client: SessionClient<ScriptedEvent>,
    props: ComponentProps[C],
    options?: MountOptions,
  ): Mounted<ComponentProps[C]>;
}

/** A turn of the page in which everything that was due has been drawn. */
export const drawn = () =>
  new Promise<void>((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)));
  });
