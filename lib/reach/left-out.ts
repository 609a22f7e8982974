import type { Evidence, Explanation } from '../model/explanation';
import type { Flow, FlowEnd } from '../model/flow';
import { formatEnd } from '../model/flow';
import type { LeftOut, TouchedEnds } from '../model/left-out';
import { type Matrix, VERDICTS } from '../model/matrix';
import { matches } from '../model/selector';
import type { PodEndpoint, World } from '../model/world';

/** Answers `unknown` where an object that was left out may change a flow's verdict. */
export type LeftOutAnswer = (flow: Flow) => Explanation | undefined;

/** Prepares the question which objects that were left out a flow hangs on. */
export function createLeftOutAnswer(world: World): LeftOutAnswer {
  const { leftOut = [] } = world;
  if (leftOut.length === 0) return () => undefined;
  const touch = createTouch(world);
  return (flow) => {
    const found = leftOut.filter(({ touches }) =>
      touches.some((one) => touch(one, flow.from) || touch(one, flow.to)),
    );
    if (found.length === 0) return undefined;
    return {
      flow,
      verdict: 'unknown',
      by: found.map(evidenceOf),
      trace: { forward: [], return: [] },
    };
  };
}

const evidenceOf = ({ object, problem, filter }: LeftOut): Evidence => ({
  filter,
  direction: 'ingress',
  object,
  rule: null,
  because: `${object} was left out because it has a problem (${problem}); it may change this verdict`,
});

/**
 * A matrix in which the flows that a left-out object touches are unknown: each row and column is cut
 * into the ends that are touched and those that are not.
 */
export function withLeftOut(matrix: Matrix, world: World): Matrix {
  const { leftOut = [] } = world;
  if (leftOut.length === 0) return matrix;
  const touch = createTouch(world);
  const isTouched = (end: FlowEnd): boolean =>
    leftOut.some(({ touches }) => touches.some((one) => touch(one, end)));
  const { sources, targets, columns, exceptions } = matrix;
  const from = sources.map((source) => isTouched(source.from));
  const to = targets.map((target) => isTouched(target.to));
  const width = columns * 2;
  const unknown = VERDICTS.indexOf('unknown');
  const cells = new Uint8Array(matrix.cells.length * 4).fill(unknown);
  matrix.cells.forEach((verdict, cell) => {
    const [row, column] = [Math.floor(cell / columns), cell % columns];
    cells[row * 2 * width + column * 2] = verdict;
  });
  const place = (of: readonly number[], touched: readonly boolean[]): readonly number[] =>
    of.map((number, i) => number * 2 + (touched[i] ? 1 : 0));
  return {
    ...matrix,
    rowOf: place(matrix.rowOf, from),
    columnOf: place(matrix.columnOf, to),
    columns: width,
    cells,
    exceptions: new Map(
      [...exceptions].filter(
        ([key]) => !from[Math.floor(key / targets.length)] && !to[key % targets.length],
      ),
    ),
  };
}

/** Whether an object may change answers about an end. */
type Touch = (ends: TouchedEnds, end: FlowEnd) => boolean;

function createTouch(world: World): Touch {
  const pods = new Map(world.pods.map((pod) => [`${pod.namespace}/${pod.name}`, pod]));
  const podOf = (end: FlowEnd): PodEndpoint | undefined =>
    end.kind === 'pod' ? pods.get(`${end.namespace}/${end.name}`) : undefined;
  const behind = backends(world);
  const isAddress = (end: FlowEnd): boolean => !/^(pod|service)$/.test(end.kind);
  return (ends, end) => {
    const pod = podOf(end);
    switch (ends.kind) {
      case 'everything':
        return true;
      case 'pods': {
        if (end.kind === 'service') return behind(end).some((one) => isSelected(ends, one));
        // An address, a node port or an interface may lead to any pod.
        if (end.kind !== 'pod') return end.kind !== 'internet';
        return end.namespace === ends.namespace && (pod === undefined || isSelected(ends, pod));
      }
      case 'pod':
        return end.kind === 'pod' && end.namespace === ends.namespace && isNamed(ends, end, pod);
      case 'node':
        return (pod ?? (end.kind === 'node' ? { node: end.name } : undefined))?.node === ends.name;
      case 'service':
        return end.kind === 'service' && isService(ends, end);
      case 'addresses':
        return isAddress(end);
    }
  };
}

const isSelected = (
  { namespace, selector }: Extract<TouchedEnds, { readonly kind: 'pods' }>,
  pod: PodEndpoint,
): boolean =>
  pod.namespace === namespace && (selector === undefined || matches(selector, pod.labels));

/** The pod itself, or a pod that a workload of the name makes (`web-0`, `web-7d4b9c-x2x9f`). */
const isNamed = (
  ends: Extract<TouchedEnds, { readonly kind: 'pod' }>,
  end: { readonly name: string },
  pod: PodEndpoint | undefined,
): boolean =>
  end.name === ends.name ||
  pod?.workload.endsWith(`/${ends.name}`) === true ||
  (pod === undefined && end.name.startsWith(`${ends.name}-`));

const isService = (
  ends: Extract<TouchedEnds, { readonly kind: 'service' }>,
  end: { readonly namespace: string; readonly name: string },
): boolean =>
  end.namespace === ends.namespace && (ends.name === undefined || ends.name === end.name);

/** The pods behind a Service. */
function backends({ services, pods }: World): (end: FlowEnd) => readonly PodEndpoint[] {
  const podsAt = new Map<string, PodEndpoint[]>();
  for (const pod of pods) {
    for (const address of pod.addresses) podsAt.set(address, [...(podsAt.get(address) ?? []), pod]);
  }
  const found = new Map(
    services.map((service) => [
      formatEnd({ kind: 'service', namespace: service.namespace, name: service.name }),
      service.ports.flatMap((port) =>
        port.backends.flatMap(({ address }) => podsAt.get(address) ?? []),
      ),
    ]),
  );
  return (end) => found.get(formatEnd(end)) ?? [];
}
