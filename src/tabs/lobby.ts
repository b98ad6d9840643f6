import { SessionError } from '../errors.ts';
import { PROTOCOL_VERSION } from '../wire/protocol.ts';
import type { Channel, Platform } from './platform.ts';

/** What tabs of one name say to all others. The shape of these stays as it is in every version. */
export type LobbyMessage =
  /** A tab looks for the owner. */
  | { readonly kind: 'hello'; readonly tab: string }
  /** The last owner is gone, and the next one is taking over. */
  | { readonly kind: 'vacant'; readonly epoch: string }
  /** There is an owner; an epoch is one tab's time as it. */
  | { readonly kind: 'owner'; readonly epoch: string };

/** Names of what the tabs of one name share. */
export function namesOf(name: string) {
  const base = `chartroom:${name}`;
  return {
    lobby: base,
    ownerLock: `${base}:owner`,
    /** Held for as long as the tab is there. */
    tabLock: (tab: string) => `${base}:tab:${tab}`,
    /** Between the owner and one tab. */
    line: (tab: string) => `${base}:line:${tab}`,
  };
}

export type Names = ReturnType<typeof namesOf>;

/** The channel on which all tabs of one name hear each other. What is not of this protocol is not heard. */
export class Lobby {
  readonly #channel: Channel;

  /** `stranger` hears of messages of another version. */
  constructor(
    platform: Platform,
    names: Names,
    heard: (message: LobbyMessage) => void,
    stranger: (kind: LobbyMessage['kind'], version: number) => void,
  ) {
    this.#channel = platform.channel(names.lobby);
    this.#channel.onMessage = (message) => {
      if (!isLobbyMessage(message)) return;
      const { chartroom, ...rest } = message;
      if (chartroom === PROTOCOL_VERSION) heard(rest);
      else stranger(rest.kind, chartroom);
    };
  }

  say(message: LobbyMessage): void {
    this.#channel.post({ chartroom: PROTOCOL_VERSION, ...message });
  }

  close(): void {
    this.#channel.close();
  }
}

function isLobbyMessage(message: unknown): message is LobbyMessage & { chartroom: number } {
  if (typeof message !== 'object' || message === null) return false;
  const { chartroom, kind, tab, epoch } = message as Record<string, unknown>;
  if (!Number.isSafeInteger(chartroom)) return false;
  return kind === 'hello'
    ? typeof tab === 'string'
    : (kind === 'vacant' || kind === 'owner') && typeof epoch === 'string';
}

export function versionError(version: number): SessionError {
  return new SessionError(
    'CONNECTION_LOST',
    `The tab that owns the sessions speaks version ${version} of the protocol, this one ${PROTOCOL_VERSION}: reload the older page.`,
    { details: { version, own: PROTOCOL_VERSION } },
  );
}
