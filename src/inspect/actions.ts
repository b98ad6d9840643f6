import type { Content, Json, JsonObject, Message, Role } from '../data.ts';
import { toErrorInfo } from '../error-info.ts';
import type { SessionManager } from '../manager.ts';
import type { ActionName, ActionRequest } from './protocol.ts';
import type { Redaction } from './redaction.ts';

/** What became of a request. */
export interface Outcome {
  readonly ok: boolean;
  readonly value?: Json;
  readonly error?: { readonly code: string; readonly message: string };
}

/** Does what a viewer asks for, if it may. Never rejects. */
export class Actions {
  readonly #manager: SessionManager;
  readonly #allowed: readonly ActionName[];
  readonly #redaction: Redaction;

  constructor(manager: SessionManager, allowed: readonly ActionName[], redaction: Redaction) {
    this.#manager = manager;
    this.#allowed = allowed;
    this.#redaction = redaction;
  }

  async act(action: ActionRequest): Promise<Outcome> {
    if (!this.#allowed.includes(action.do)) return failed('FORBIDDEN', this.#refusal(action.do));
    try {
      const value = await this.#do(action);
      return value === undefined ? { ok: true } : { ok: true, value };
    } catch (error) {
      const info = toErrorInfo(error);
      return failed(info.code ?? 'ERROR', this.#redaction.error(info).message);
    }
  }

  async #do(action: ActionRequest): Promise<Json | undefined> {
    const manager = this.#manager;
    switch (action.do) {
      case 'send': {
        const { sessionId, role, content } = action;
        const message = await manager.sendMessage(sessionId, role as Role, content as Content);
        return this.#redaction.message(message) as Message & JsonObject;
      }
      case 'dispatch':
        // Checked by the engine, as an event that comes from anywhere.
        await manager.session(action.sessionId).dispatch(action.event as never);
        return undefined;
      case 'terminate': {
        const { sessionId, reason } = action;
        await manager.terminateSession(sessionId, reason === undefined ? {} : { reason });
        return undefined;
      }
      case 'kill':
        await manager.killSession(action.sessionId, action.reason);
        return undefined;
      case 'save': {
        const { id, savedAt, messageCount, metadata } = await manager.saveSession(action.sessionId);
        return { id, savedAt, messageCount, metadata: this.#redaction.object(metadata, ['metadata']) };
      }
      case 'create': {
        const { do: _, ...options } = action;
        const { id } = await manager.createSession(options);
        return { id };
      }
    }
  }

  #refusal(action: ActionName): string {
    const allowed = this.#allowed.length === 0 ? 'nothing' : this.#allowed.join(', ');
    return `This inspector does not allow to ${action}; it allows ${allowed}. Its option "allow" says so.`;
  }
}

function failed(code: string, message: string): Outcome {
  return { ok: false, error: { code, message } };
}
