import type { Datapath } from '../model/datapath';

/** What one data path carried, as it was measured. */
export interface PathSpeed {
  /** `same-node`: two pods of one node, whose packets no data path carries. */
  readonly path: Datapath | 'same-node';
  /** Of the pods' interfaces, in bytes. */
  readonly mtu: number;
  /** Round trips that were timed. */
  readonly count: number;
  /** Median and 95th percentile of a round trip, in microseconds. */
  readonly p50: number;
  readonly p95: number;
  /** Of the fastest TCP stream of several, in bits a second. */
  readonly bitsPerSecond: number;
}

/** What carries packets between nodes. */
const CARRIERS: Readonly<Record<PathSpeed['path'], string>> = {
  'same-node': 'nothing: they never leave the node',
  'vpc-cni': 'routed by pod address',
  'calico-vxlan': 'VXLAN from node to node',
  'flannel-vxlan': 'VXLAN, pods on a bridge',
  'host-gw': 'routed from node to node',
};

/** A table of what was measured, and how; the machine's load tells how far to trust it. */
export function speedText(
  paths: readonly PathSpeed[],
  { cores, load }: { readonly cores: number; readonly load: number },
): string {
  const rows = paths.map(({ path, mtu, p50, p95, bitsPerSecond }) => [
    path,
    CARRIERS[path],
    String(mtu),
    `${p50.toFixed(0)} µs`,
    `${p95.toFixed(0)} µs`,
    `${(bitsPerSecond / 1e9).toFixed(1)} Gbit/s`,
  ]);
  const head = ['data path', 'between nodes', 'pod MTU', 'p50', 'p95', 'throughput'];
  const counts = Math.min(...paths.map(({ count }) => count));
  return [
    ...aligned([head, ...rows]),
    '',
    `Measured just now: ${counts} round trips of 64 bytes and the best of six TCP streams each, between two`,
    `processes. One kernel carried all of it, with ${cores} cores and a load of ${load.toFixed(1)}: no cable and no network card.`,
    'Run it again before you believe a small difference.',
    '',
    'Next: lab show cni-3-compare',
  ].join('\n');
}

/** Columns as wide as they must be; numbers end together. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, i) =>
    Math.max(...rows.map((row) => (row[i] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  '),
  );
}
