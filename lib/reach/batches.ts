import type { Flow, FlowEnd } from '../model/flow';
import type { Destination, Party, PartyDirectory } from './ends/types';
import type { JudgedEnds } from './policy/rows';
import { namedPort } from './services/routing';

/** Up to so many flows, an index costs more than it saves. */
export const FEW_FLOWS = 8;
/** Ends of one index at most: it holds some bits for each of them and each rule. */
const MOST_ENDS = 4096;

/** Protocol and port of a flow, as a key; a number for the most common ones. */
export const aimKey = ({ protocol, port }: Pick<Flow, 'protocol' | 'port'>): string | number =>
  protocol === 'TCP' && typeof port === 'number' ? port : `${protocol} ${port}`;

/** Flows that are answered from one index, and the ends that the index is made of. */
export interface FlowBatch extends JudgedEnds {
  readonly flows: readonly Flow[];
}

/** Cuts flows, in their order, into batches with a bounded number of ends. */
export function* batchesOf(
  flows: readonly Flow[],
  directory: PartyDirectory,
): Generator<FlowBatch> {
  let start = 0;
  let ends = createCollector(directory);
  for (let next = 0; next < flows.length; next++) {
    const flow = flows[next];
    if (flow !== undefined) ends.add(flow);
    if (ends.size() < MOST_ENDS && next < flows.length - 1) continue;
    yield { flows: flows.slice(start, next + 1), ...ends.collected() };
    start = next + 1;
    ends = createCollector(directory);
  }
}

/** Collects the ends of flows: a Service stands for its backends. */
function createCollector(directory: PartyDirectory) {
  const callers = new Set<FlowEnd>();
  const aims = new Map<FlowEnd, Set<string | number>>();
  const sources = new Set<Party>();
  const targets = new Map<Party, Map<string, Destination>>();
  let count = 0;
  const aim = (party: Party, protocol: Flow['protocol'], port: number | undefined): void => {
    const ports = targets.get(party) ?? new Map<string, Destination>();
    const key = `${protocol} ${port}`;
    if (ports.has(key)) return;
    count += 1;
    targets.set(party, ports.set(key, { party, protocol, port }));
  };
  const addAim = ({ to, protocol, port }: Flow): void => {
    const parties = directory.parties(to) ?? [];
    const number = namedPort(parties, { protocol, port });
    for (const party of parties) aim(party, protocol, number);
    if (to.kind !== 'service') return;
    for (const { backends } of directory.service(to.namespace, to.name)?.ports ?? [])
      for (const backend of backends) aim(directory.at(backend.address), protocol, backend.port);
  };
  const add = (flow: Flow): void => {
    if (!callers.has(flow.from)) {
      callers.add(flow.from);
      for (const party of directory.parties(flow.from) ?? []) sources.add(party);
    }
    const ports = aims.get(flow.to) ?? new Set();
    const key = aimKey(flow);
    if (ports.has(key)) return;
    aims.set(flow.to, ports.add(key));
    addAim(flow);
  };
  return {
    add,
    size: () => count + sources.size,
    collected: (): JudgedEnds => ({
      sources: [...sources],
      targets: [...targets.values()].flatMap((ports) => [...ports.values()]),
    }),
  };
}
