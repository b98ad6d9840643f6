/** @jsxImportSource react */

/** Only there where the list, or the details, lie over the rest. */
export function CloseDrawer({ of, onClose }: { of: 'list' | 'details'; onClose: () => void }) {
  return (
    <button type="button" className={`button toggle for-${of} close`} onClick={onClose}>
      Close
    </button>
  );
}
