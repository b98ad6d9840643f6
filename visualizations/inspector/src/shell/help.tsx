import { keyCaps } from '../keys.ts';
import { Modal } from '../parts/dialog.tsx';
import { shortcutGroups } from '../shortcuts.ts';
import { helpIsOpen } from './rail.tsx';

export function Help() {
  if (!helpIsOpen.value) return null;
  return (
    <Modal
      title="Keyboard"
      class="help"
      onClose={() => {
        helpIsOpen.value = false;
      }}
    >
      <div class="help-groups">
        {shortcutGroups.value.map(({ name, shortcuts }) => (
          <section key={name}>
            <h3>{name}</h3>
            <dl>
              {shortcuts.map(({ keys, words }) => (
                <div key={words}>
                  <dt>
                    {[keys].flat().map((binding, index) => (
                      <span key={binding}>
                        {index > 0 && <span class="muted"> or </span>}
                        {keyCaps(binding).map((cap) => (
                          <kbd key={cap} class="kbd">
                            {cap}
                          </kbd>
                        ))}
                      </span>
                    ))}
                  </dt>
                  <dd>{words}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <form method="dialog" class="dialog-buttons">
        <button type="submit" class="button">
          Close
        </button>
      </form>
    </Modal>
  );
}
