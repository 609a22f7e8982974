import { useEffect, useRef } from 'preact/hooks';
import { go } from '../book';
import { KEY_LIST, keysOpen, useKeys } from './keyboard';

/** The list of keys, and the keys that work everywhere. */
export function KeysDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = keysOpen.value;
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  useKeys({
    '?': () => {
      keysOpen.value = true;
    },
    '/': () => document.getElementById('search')?.focus(),
    'g c': () => go({ view: 'curriculum' }),
    'g o': () => go({ view: 'own', tab: 'files' }),
  });
  return (
    <dialog
      ref={dialog}
      class="keys"
      aria-labelledby="keys-title"
      onClose={() => {
        keysOpen.value = false;
      }}
    >
      <h2 id="keys-title">Keys</h2>
      <dl>
        {KEY_LIST.map(([keys, does]) => (
          <div key={`${keys} ${does}`}>
            <dt>
              <kbd class="key">{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit" class="secondary">
          Close
        </button>
      </form>
    </dialog>
  );
}
