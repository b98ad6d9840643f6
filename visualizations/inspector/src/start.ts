import { followAddress } from './shell/address.ts';
import { startTheme } from './shell/theme.ts';

/** What both pages begin with. The element is where the app goes. */
export function start(): HTMLElement {
  startTheme();
  followAddress();
  const root = document.getElementById('app');
  if (!root) throw new Error('The page has no element "app".');
  return root;
}
