import { familiesIn, familyOf, type Ip, type IpFamily } from '../../model/address';
import type { Evidence, Explanation, InternetStretch, Verdict } from '../../model/explanation';
import type { Flow, FlowEnd } from '../../model/flow';
import { lazyTable } from '../../model/lazy';
import { type Matrix, VERDICTS } from '../../model/matrix';
import { ruleName } from '../../model/rule-name';
import { uniqueBy } from '../../model/unique';
import type { PartyDirectory } from '../ends/types';
import {
  blocksOf,
  inStretch,
  type PublicStretch,
  publicStretches,
  representative,
} from './stretches';

/** Explains one flow as if `internet` were the one host of that name. */
export type ExplainOne = (flow: Flow) => Explanation;

/** Most stretches that are asked about; a world with more is answered with `unknown`. */
const MOST_STRETCHES = 400;
/** Blocks of a verdict that are listed. */
const MOST_BLOCKS = 12;

/**
 * Answers flows that come from or go to `internet` for every public address: one verdict where all
 * stretches have it, else `unknown` with the stretches of each verdict.
 */
export function createInternetAnswer(
  directory: PartyDirectory,
): (flow: Flow, one: ExplainOne) => Explanation {
  const { world } = directory;
  if (world.isInternetEverything !== true) return (flow, one) => one(flow);
  const addresses = world.outside.find(({ name }) => name === 'internet')?.addresses ?? [];
  const stretchesOf = lazyTable((family: IpFamily) => publicStretches(world, family), String);
  return (flow, one) => {
    const base = one(flow);
    if ((flow.from.kind === 'internet') === (flow.to.kind === 'internet')) return base;
    const host = hostFor(flow, addresses, directory);
    if (host === undefined) return base;
    const stretches = stretchesOf(familyOf(host));
    const others = stretches.filter((own) => !inStretch(own, host));
    if (others.length === 0) return base;
    if (others.length > MOST_STRETCHES) return tooMany(base, others.length);
    const asked = others.map((own) => ({ own, answer: one(through(flow, representative(own))) }));
    const usual = stretches.find((own) => inStretch(own, host));
    return together(base, usual, asked);
  };
}

/** The address of the host `internet` in the family that a flow is judged in. */
function hostFor(
  { from, to }: Flow,
  addresses: readonly Ip[],
  { world, parties }: PartyDirectory,
): Ip | undefined {
  const other = from.kind === 'internet' ? to : from;
  const service = world.services.find(
    ({ namespace, name }) =>
      other.kind === 'service' && namespace === other.namespace && name === other.name,
  );
  const own = service?.clusterIps ?? parties(other)?.map(({ address }) => address) ?? [];
  const families = familiesIn(own);
  const [family] = from.kind === 'internet' ? families : familiesIn(addresses);
  const wanted = families.find((one) => one === family) ?? families[0];
  return addresses.find((address) => familyOf(address) === wanted) ?? addresses[0];
}

function through({ from, to, ...rest }: Flow, address: Ip): Flow {
  const end = (one: FlowEnd): FlowEnd => (one.kind === 'internet' ? { kind: 'ip', address } : one);
  return { ...rest, from: end(from), to: end(to) };
}

interface AskedStretch {
  readonly own: PublicStretch;
  readonly answer: Explanation;
}

function together(
  base: Explanation,
  usual: PublicStretch | undefined,
  asked: readonly AskedStretch[],
): Explanation {
  if (asked.every(({ answer }) => answer.verdict === base.verdict)) return base;
  const all = [...(usual === undefined ? [] : [{ own: usual, answer: base }]), ...asked];
  const widest = all.reduce((most, one) => (sizeOf(one.own) > sizeOf(most.own) ? one : most));
  const rest = widest.answer.verdict;
  const verdicts = [...new Set(all.map(({ answer }) => answer.verdict))];
  const stretches = verdicts.map((verdict): InternetStretch => {
    const blocks = all
      .filter(({ answer }) => answer.verdict === verdict)
      .flatMap(({ own }) => own.ranges.flatMap((range) => blocksOf(range, own.family)));
    return verdict === rest
      ? { verdict, blocks: 'every other public address' }
      : { verdict, blocks };
  });
  const because = `partly: ${stretches.map(stretchText).join('; ')}`;
  const evidence: Evidence = {
    filter: 'route',
    direction: base.flow.from.kind === 'internet' ? 'ingress' : 'egress',
    object: 'internet',
    rule: null,
    because,
  };
  const by = all.flatMap(({ answer }) => answer.by);
  return {
    flow: base.flow,
    verdict: 'unknown',
    by: [evidence, ...uniqueBy(by, ruleName)],
    trace: base.trace,
    stretches,
  };
}

const sizeOf = ({ ranges }: PublicStretch): bigint =>
  ranges.reduce((sum, [first, last]) => sum + last - first + 1n, 0n);

const WORDS: Readonly<Record<Verdict, string>> = {
  allowed: 'allowed',
  denied: 'denied',
  'no-route': 'no route',
  unknown: 'not known',
};

function stretchText({ verdict, blocks }: InternetStretch): string {
  if (typeof blocks === 'string') return `${WORDS[verdict]} for ${blocks}`;
  const more = blocks.length - MOST_BLOCKS;
  const shown = blocks.slice(0, MOST_BLOCKS).join(', ');
  return `${WORDS[verdict]} for ${shown}${more > 0 ? ` and ${more} more blocks` : ''}`;
}

const tooMany = (base: Explanation, count: number): Explanation => ({
  ...base,
  verdict: 'unknown',
  by: [
    {
      filter: 'route',
      direction: 'egress',
      object: 'internet',
      rule: null,
      because: `rules and routes tell ${count} stretches of public addresses apart, more than ${MOST_STRETCHES}: ask about an address (ip:1.2.3.4)`,
    },
  ],
});

/** A matrix in which rows and columns of `internet` are answered for every public address. */
export function withInternet(
  matrix: Matrix,
  { world }: PartyDirectory,
  explain: ExplainOne,
): Matrix {
  if (world.isInternetEverything !== true) return matrix;
  const { sources, targets, rowOf, columnOf, columns } = matrix;
  const cells = Uint8Array.from(matrix.cells);
  const done = new Set<number>();
  const ask = (source: number, target: number): void => {
    const cell = (rowOf[source] ?? 0) * columns + (columnOf[target] ?? 0);
    const [from, aim] = [sources[source], targets[target]];
    if (done.has(cell) || from === undefined || aim === undefined) return;
    done.add(cell);
    const { to, protocol, port } = aim;
    const { verdict } = explain({ from: from.from, to, protocol, port });
    cells[cell] = VERDICTS.indexOf(verdict);
  };
  sources.forEach(({ from }, source) => {
    if (from.kind === 'internet') for (const target of targets.keys()) ask(source, target);
  });
  targets.forEach(({ to }, target) => {
    if (to.kind === 'internet') for (const source of sources.keys()) ask(source, target);
  });
  return { ...matrix, cells };
}
