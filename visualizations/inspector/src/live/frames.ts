/**
 * Publishes once for each frame, however much has changed in it. Whoever has changed names what is to be published;
 * nothing is, as long as the page is hidden, since no frame comes: what has changed is kept by its owner. If one fails to be published, the others are, and then its error is thrown.
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
      const failures: unknown[] = [];
      for (const each of due) {
        try {
          each();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    });
  }
}
