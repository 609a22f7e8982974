import { useEffect, useRef, useState } from 'preact/hooks';
import type { KernelView, PacketItem, PlaceListed } from '../../serve/api/shapes';
import { useAction } from '../action';
import { act, look } from '../live';
import { ActionLine } from '../parts/action-line';

/** Packets of a place as they come, and what its kernel has now. */
export function CapturePane({ lab }: { readonly lab: string }) {
  const [places, setPlaces] = useState<readonly PlaceListed[]>([]);
  const [place, setPlace] = useState('');
  const [filter, setFilter] = useState('');
  const [packets, setPackets] = useState<readonly PacketItem[]>([]);
  const [kernel, setKernel] = useState<KernelView | undefined>(undefined);
  const { state, run } = useAction();
  const abort = useRef<AbortController | undefined>(undefined);
  useEffect(() => {
    look(lab, 'places').then(
      (all) => {
        setPlaces(all);
        setPlace(all[0]?.name ?? '');
      },
      () => setPlaces([]),
    );
    return () => abort.current?.abort();
  }, [lab]);
  const capture = () =>
    run(async (progress) => {
      abort.current = new AbortController();
      setPackets([]);
      const item = (one: PacketItem) => setPackets((before) => [...before.slice(-499), one]);
      const asked = { place, ...(filter !== '' && { filter }) };
      await act(lab, 'capture', asked, { progress, item, signal: abort.current.signal });
    });
  const examine = () => run(async () => setKernel(await look(lab, 'kernel', { place })));
  return (
    <>
      <div class="task-actions capture-bar">
        <select
          aria-label="Place"
          value={place}
          onChange={(event) => setPlace(event.currentTarget.value)}
        >
          {places.map(({ name, kind }) => (
            <option key={name} value={name}>
              {kind} {name}
            </option>
          ))}
        </select>
        <input
          type="text"
          aria-label="Filter, such as tcp port 80"
          placeholder="tcp port 80"
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
        {state.busy ? (
          <button type="button" class="secondary" onClick={() => abort.current?.abort()}>
            Stop
          </button>
        ) : (
          <button type="button" class="primary" disabled={place === ''} onClick={capture}>
            Capture
          </button>
        )}
        <button type="button" class="quiet" disabled={place === '' || state.busy} onClick={examine}>
          What the kernel has
        </button>
      </div>
      <ActionLine
        busy={state.busy}
        text={state.text === '' ? 'Capturing: send something from a terminal' : state.text}
        problem={state.error?.problem}
        fix={state.error?.fix}
      />
      {packets.length > 0 && <PacketTable packets={packets} />}
      {kernel !== undefined && <KernelTables kernel={kernel} />}
    </>
  );
}

function PacketTable({ packets }: { readonly packets: readonly PacketItem[] }) {
  const start = packets[0]?.time ?? 0;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keyboard
    <section class="wide" tabIndex={0} aria-label="Captured packets">
      <table class="text-table packet-table">
        <thead>
          <tr>
            <th scope="col">ms</th>
            <th scope="col">device</th>
            <th scope="col">way</th>
            <th scope="col">packet</th>
          </tr>
        </thead>
        <tbody>
          {packets.map(({ time, device, way, text, frame }) => (
            <tr key={`${time} ${device} ${way} ${frame}`}>
              <td>{(time - start).toFixed(1)}</td>
              <td>{device}</td>
              <td>{way}</td>
              <td>
                <code>{text}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Interfaces, routes, neighbours and rules as the kernel prints them. */
function KernelTables({ kernel }: { readonly kernel: KernelView }) {
  const lists = [
    ['Interfaces', kernel.links],
    ['Routes', kernel.routes],
    ['Neighbours', kernel.neighbours],
  ] as const;
  return (
    <section aria-label={`The kernel of ${kernel.place}`}>
      {lists.map(([title, rows]) => (
        <details key={title} class="checked">
          <summary>
            {title} of {kernel.place}: {rows.length}
          </summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls must be reachable by keyboard */}
          <pre class="yaml" tabIndex={0}>
            <code>{rows.map((row) => JSON.stringify(row)).join('\n')}</code>
          </pre>
        </details>
      ))}
      <details class="checked">
        <summary>nftables rules of {kernel.place}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls must be reachable by keyboard */}
        <pre class="yaml" tabIndex={0}>
          <code>{kernel.rules}</code>
        </pre>
      </details>
    </section>
  );
}
