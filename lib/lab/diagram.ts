import type { World } from '../model/world';
import { parseTarget } from './check';
import type { Lab } from './format';
import { parseArrow } from './resolve';

/** One box of a diagram: a workload, a machine or an outside host. */
export interface Box {
  readonly name: string;
  /** How many there are. */
  readonly count: number;
  /** Ports that answer. */
  readonly ports: readonly number[];
}

/** What stands in a lab, and who may call whom when it is done. */
export interface Topology {
  readonly groups: readonly { readonly name: string; readonly boxes: readonly Box[] }[];
  readonly calls: readonly { readonly from: string; readonly to: string; readonly port: number }[];
}

/**
 * The topology of a lab: of a Linux lab its machines, of a cluster lab the workloads of the world its
 * last stage makes, with the calls which that stage keeps.
 */
export function topologyOf(lab: Lab<string>, world: World | undefined): Topology {
  if (lab.environment.kind === 'linux' || world === undefined) {
    const machines = lab.environment.kind === 'linux' ? lab.environment.machines : [];
    const boxes = machines.map(({ name, listens = [] }) => ({ name, count: 1, ports: listens }));
    return { groups: [{ name: 'machines', boxes }], calls: [] };
  }
  return { groups: groupsOf(world), calls: callsOf(lab, lab.environment.home) };
}

function groupsOf({ pods, outside, services }: World): Topology['groups'] {
  const workloads = new Map<string, Map<string, Box>>();
  for (const pod of pods) {
    const group = workloads.get(pod.namespace) ?? new Map<string, Box>();
    const name = pod.workload.split('/')[1] ?? pod.name;
    const count = (group.get(name)?.count ?? 0) + 1;
    group.set(name, { name, count, ports: [...new Set(pod.ports.map(({ port }) => port))] });
    workloads.set(pod.namespace, group);
  }
  const own = services.filter(({ namespace }) => namespace !== 'kube-system');
  const exposed = own.filter(({ type }) => type !== 'ClusterIP');
  const strangers = outside.filter(({ name }) => name !== 'internet');
  return [
    ...[...workloads].map(([name, boxes]) => ({ name, boxes: [...boxes.values()] })),
    group(
      'entry points',
      exposed.map(({ name, type }) => ({ name: `${name} (${type})`, count: 1, ports: [] })),
    ),
    group(
      'outside',
      strangers.map(({ name, ports }) => ({
        name,
        count: 1,
        ports: [...new Set(ports.map(({ port }) => port))],
      })),
    ),
  ].filter(({ boxes }) => boxes.length > 0);
}

const group = (name: string, boxes: readonly Box[]): Topology['groups'][number] => ({
  name,
  boxes,
});

function callsOf(lab: Lab<string>, home: string): Topology['calls'] {
  const last = lab.stages.at(-1);
  const best = lab.stages.find(({ name }) => name === 'healthy' || name === 'whole') ?? last;
  return (best?.keeps ?? []).map((arrow) => {
    const { from, to } = parseArrow(arrow);
    const { end, port } = parseTarget(to);
    const short = (name: string): string => name.replace(`${home}/`, '');
    return { from: short(from), to: short(end), port };
  });
}

/** A topology in plain text. */
export function textDiagram({ groups, calls }: Topology): string {
  const lines = groups.flatMap(({ name, boxes }) => [
    name,
    ...boxes.map((box) => `  ${describe(box)}`),
  ]);
  const arrows = calls.map(({ from, to, port }) => `  ${from} -> ${to} on ${port}`);
  return [...lines, ...(arrows.length === 0 ? [] : ['may call', ...arrows])].join('\n');
}

const describe = ({ name, count, ports }: Box): string =>
  [
    name,
    ...(count === 1 ? [] : [`x${count}`]),
    ...(ports.length === 0 ? [] : [`listens on ${ports.join(', ')}`]),
  ].join(' ');
