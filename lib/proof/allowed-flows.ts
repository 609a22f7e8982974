import { type Flow, formatEnd } from '../model/flow';
import { verdictAt } from '../model/matrix';
import { uniqueBy } from '../model/unique';
import type { Engine } from '../reach/engine';

/** Says of each of these flows whether it is allowed; calls to pods, of which a log has many, are asked together. */
export function createAllowed(engine: Engine, flows: readonly Flow[]): (flow: Flow) => boolean {
  const toPods = flows.filter(({ to }) => to.kind === 'pod');
  const sources = uniqueBy(
    toPods.map(({ from }) => from),
    formatEnd,
  );
  const targets = uniqueBy(toPods, targetText);
  const matrix = engine.matrix({ sources, targets });
  const sourceAt = new Map(sources.map((from, i) => [formatEnd(from), i]));
  const targetAt = new Map(targets.map((target, i) => [targetText(target), i]));
  return (flow) => {
    const [source, target] = [sourceAt.get(formatEnd(flow.from)), targetAt.get(targetText(flow))];
    const verdict =
      source === undefined || target === undefined
        ? engine.explain(flow).verdict
        : verdictAt(matrix, source, target);
    return verdict === 'allowed';
  };
}

const targetText = ({ to, protocol, port }: Pick<Flow, 'to' | 'protocol' | 'port'>): string =>
  `${formatEnd(to)} ${protocol} ${port}`;
