import type { SessionInfo } from '../data.ts';
import type { SessionError } from '../errors.ts';
import { sameJson } from '../same-json.ts';
import { type SessionView, view } from './views.ts';

/** What is known of one session: its newest info record, or why there is none. */
export class Portrait {
  #info: SessionInfo | undefined;
  #seq = -1;
  #error: SessionError | undefined;
  #creating = false;
  /** Why it could not be made. */
  #creationError: SessionError | undefined;

  /** False when one is being made already. */
  beginCreation(): boolean {
    if (this.#creating) return false;
    this.#creating = true;
    this.#creationError = undefined;
    return true;
  }

  endCreation(error: SessionError | undefined): void {
    this.#creating = false;
    this.#creationError = error;
  }

  /** It is not there because it is being made. */
  isAwaited({ code }: SessionError): boolean {
    return this.#creating && code === 'SESSION_NOT_FOUND';
  }

  /** `seq` is the cursor at which it was so; what is older than is known is not shown. */
  show(info: SessionInfo, seq: number): void {
    if (seq < this.#seq) return;
    this.#seq = seq;
    this.#error = undefined;
    this.#creationError = undefined;
    if (!sameJson(this.#info, info)) this.#info = info;
  }

  fail(error: SessionError): void {
    if (this.isAwaited(error)) return;
    this.#info = undefined;
    this.#error = this.reasonOf(error);
  }

  /** That it could not be made says more than that it is not there. */
  reasonOf(error: SessionError): SessionError {
    return (error.code === 'SESSION_NOT_FOUND' && this.#creationError) || error;
  }

  forget(): void {
    this.#info = undefined;
    this.#seq = -1;
    this.#error = undefined;
  }

  view(previous: SessionView): SessionView {
    const info = this.#info;
    const error = this.#error;
    if (previous.info === info && previous.error === error) return previous;
    return view(
      error
        ? { status: 'error', info: undefined, error }
        : ({ status: 'ready', info, error: undefined } as SessionView),
    );
  }
}
