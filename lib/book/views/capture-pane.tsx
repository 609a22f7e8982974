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

interface ObjectTableProps {
  readonly rows: readonly unknown[];
  readonly label: string;
}

/** What `ip -json` prints, a row an object: a column for each name that has a value in some row. */
function ObjectTable({ rows, label }: ObjectTableProps) {
  const objects = rows.map((row) => new Map(Object.entries(row ?? {}).map(cellOf)));
  const columns = [...new Set(objects.flatMap((one) => [...one.keys()]))].filter((column) =>
    objects.some((one) => one.get(column) !== ''),
  );
  if (columns.length === 0) return <p class="remark">None.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keyboard
    <section class="wide" tabIndex={0} aria-label={label}>
      <table class="text-table packet-table">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {objects.map((one, i) => (
            <tr key={i}>
              {columns.map((column) => (
                <td key={column}>
                  <code>{one.get(column) ?? ''}</code>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const cellOf = ([name, value]: [string, unknown]): [string, string] => [name, cellText(value)];

function cellText(value: unknown): string {
  if (Array.isArray(value)) return value.map(cellText).join(' ');
  if (typeof value !== 'object' || value === null) return `${value}`;
  // The addresses of an interface stand in a list of their own.
  if ('local' in value && 'prefixlen' in value) return `${value.local}/${value.prefixlen}`;
  return JSON.stringify(value);
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
          <ObjectTable rows={rows} label={`${title} of ${kernel.place}`} />
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
