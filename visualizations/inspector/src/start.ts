import { type AddressOptions, followAddress } from './shell/address.ts';
import { startTheme } from './shell/theme.ts';

/** What all pages begin with. The element is where the app goes. */
export function start(options?: AddressOptions): HTMLElement {
  startTheme();
  followAddress(options);
  const root = document.getElementById('app');
  if (!root) throw new Error('The page has no element "app".');
  return root;
}
