/**
 * Publishes once for each frame, however much has changed in it. Whoever has changed names what is to be published;
 * nothing is, as long as the page is hidden, since no frame comes: what has changed is kept by its owner.
 */
export class Frames {
  readonly #request: (run: () => void) => void;
  #due = new Set<() => void>();

  /** As `requestAnimationFrame`. */
  constructor(request: (run: () => void) => void) {
    this.#request = request;
  }

  publish(what: () => void): void {
    const isAsked = this.#due.size > 0;
    this.#due.add(what);
    if (isAsked) return;
    this.#request(() => {
      const due = this.#due;
      this.#due = new Set();
      for (const each of due) each();
    });
  }
}
