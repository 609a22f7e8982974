import { useEffect, useRef, useState } from 'preact/hooks';
import type { PlaceListed } from '../../serve/api/shapes';
import { look } from '../live';
import { loadScript } from '../scripts';
import type { TerminalHandle, TerminalScript } from '../terminal/types';

/** Terminals into the places of a lab that is up: a tab each. */
export function TerminalPane({ lab }: { readonly lab: string }) {
  const [places, setPlaces] = useState<readonly PlaceListed[]>([]);
  const [opened, setOpened] = useState<readonly string[]>([]);
  const [shown, setShown] = useState<string | undefined>(undefined);
  useEffect(() => {
    look(lab, 'places').then(setPlaces, () => setPlaces([]));
  }, [lab]);
  const show = (place: string): void => {
    if (!opened.includes(place)) setOpened([...opened, place]);
    setShown(place);
  };
  const close = (place: string): void => {
    setOpened(opened.filter((one) => one !== place));
    if (shown === place) setShown(undefined);
  };
  return (
    <section class="terminals" aria-label="Terminals">
      <div class="terminal-bar">
        {opened.map((place) => (
          <button
            key={place}
            type="button"
            class={place === shown ? 'terminal-tab chosen' : 'terminal-tab'}
            aria-pressed={place === shown}
            onClick={() => setShown(place)}
          >
            {place}
          </button>
        ))}
        <select
          aria-label="Open a terminal in"
          value=""
          onChange={(event) => {
            const { value } = event.currentTarget;
            event.currentTarget.value = '';
            if (value !== '') show(value);
          }}
        >
          <option value="">Open a terminal in …</option>
          {places.map(({ name, kind }) => (
            <option key={name} value={name}>
              {kind} {name}
            </option>
          ))}
        </select>
      </div>
      {opened.map((place) => (
        <OneTerminal
          key={place}
          lab={lab}
          place={place}
          hidden={place !== shown}
          onClose={() => close(place)}
        />
      ))}
    </section>
  );
}

interface OneTerminalProps {
  readonly lab: string;
  readonly place: string;
  readonly hidden: boolean;
  readonly onClose: () => void;
}

function OneTerminal({ lab, place, hidden, onClose }: OneTerminalProps) {
  const host = useRef<HTMLDivElement>(null);
  const [end, setEnd] = useState<string | undefined>(undefined);
  useEffect(() => {
    let handle: TerminalHandle | undefined;
    let closed = false;
    void openTerminal(host.current, { lab, place, onEnd: setEnd }).then((opened) => {
      handle = opened;
      if (closed) opened?.close();
      else opened?.focus();
    });
    return () => {
      closed = true;
      handle?.close();
    };
  }, [lab, place]);
  return (
    <div class="terminal" hidden={hidden}>
      <div class="terminal-host" ref={host} />
      {end !== undefined && (
        <p class="remark">
          It ended: {end}.{' '}
          <button type="button" class="quiet" onClick={onClose}>
            Close
          </button>
        </p>
      )}
    </div>
  );
}

interface TerminalQuestion {
  readonly lab: string;
  readonly place: string;
  readonly onEnd: (why: string) => void;
}

async function openTerminal(
  parent: HTMLElement | null,
  { lab, place, onEnd }: TerminalQuestion,
): Promise<TerminalHandle | undefined> {
  await loadScript('terminal.js');
  const script = (globalThis as { labBookTerminal?: TerminalScript }).labBookTerminal;
  if (script === undefined || parent === null) return undefined;
  const address = new URL(`api/labs/${encodeURIComponent(lab)}/terminal`, document.baseURI);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  address.search = `?place=${encodeURIComponent(place)}`;
  return script.open({ parent, address: address.href, label: `Terminal in ${place}`, onEnd });
}
