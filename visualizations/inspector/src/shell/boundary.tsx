import { Component, type ComponentChildren } from 'preact';
import { hrefOf } from '../route.ts';

interface Props {
  readonly children: ComponentChildren;
}

/** A view that fails takes itself away, and not the app: the others are still to be had. */
export class Boundary extends Component<Props, { readonly failure?: Error }> {
  static override getDerivedStateFromError(thrown: unknown) {
    return { failure: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }

  override componentDidCatch(thrown: unknown): void {
    console.error(thrown);
  }

  override render() {
    const { failure } = this.state;
    if (!failure) return this.props.children;
    return (
      <section class="view" aria-labelledby="view-title">
        <header class="view-head">
          <h1 id="view-title">This view has failed</h1>
        </header>
        <div class="empty" role="alert">
          <strong>{failure.message}</strong>
          What it was to show is something that it cannot. Its console says where; a trace of it would help
          whoever mends it. <a href={hrefOf({ view: 'fleet' })}>Go to the fleet</a>
        </div>
      </section>
    );
  }
}
