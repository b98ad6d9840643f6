/** What sets one document of the app apart from another. */
export interface DocumentParts {
  readonly token: string;
  readonly nonce: string | undefined;
}

const TOKEN_PLACE = '%TOKEN%';
const NONCE_PLACE = ' nonce="%NONCE%"';

/** The app's document. Both parts are letters, digits and a few signs: nothing that could end an attribute. */
export function appDocument(template: string, { token, nonce }: DocumentParts): string {
  const [head = '', afterStyle = '', ...rest] = template.split(NONCE_PLACE);
  if (rest.length === 0 || !head.includes(TOKEN_PLACE))
    throw new TypeError(
      `The template is not that of the app: it begins ${JSON.stringify(head.slice(0, 40))}.`,
    );
  const attribute = nonce === undefined ? '' : ` nonce="${nonce}"`;
  // What the script says itself, behind the first two places, stays as it is.
  const tail = rest.join(NONCE_PLACE);
  return head.replace(TOKEN_PLACE, token) + attribute + afterStyle + attribute + tail;
}

/** 128 random bits. Pages that are not served securely have this, unlike `randomUUID`. */
export function newToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
