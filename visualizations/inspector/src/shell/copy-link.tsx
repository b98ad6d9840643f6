import { copyText } from '../parts/clipboard.ts';
import { ask } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { toast } from '../parts/toasts.tsx';

/** Copies the address of what is seen, at the moment at which it is seen. */
export function CopyLink({ link }: { link: () => string }) {
  const copy = async () => {
    const text = link();
    if (await copyText(text)) toast('Link copied');
    else
      await ask({
        title: 'Copy the link',
        body: 'The browser does not let this page write to the clipboard.',
        confirm: 'Done',
        fields: [{ name: 'link', label: 'Link', value: text }],
      });
  };
  return (
    <button type="button" class="button small" onClick={copy} title="Copy a link to this moment">
      <Icon name="link" size={14} />
      Copy link
    </button>
  );
}
