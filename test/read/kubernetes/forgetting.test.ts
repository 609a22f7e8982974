import { createEngine } from '../../../lib/reach/engine';
import { readFlows } from '../../../lib/read/flows/flows';
import { readWorld } from '../../../lib/read/world';
import { DUMP_FLOWS, type DumpedObject, dumpFrom } from './forgetting-dump';

/**
 * Forgetting is monotone: a verdict about a dump from which a value was taken is the verdict about
 * the whole dump, or `unknown`, or the input is refused. What a person writes (a policy, a selector)
 * is no such value: what the cluster adds is.
 */

/** Worlds that are asked; `FORGETTING_WORLDS=60` asks more of them. */
const WORLDS = Number(process.env.FORGETTING_WORLDS ?? 4);
const FIRST_SEED = Number(process.env.FORGETTING_SEED ?? 1);

/** Places that the cluster fills, by kind; `*` is any item of a list. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  Pod: [
    'spec.nodeName',
    'status',
    'status.podIP',
    'status.podIPs',
    'status.podIP+status.podIPs',
    'status.podIP+status.podIPs+spec.nodeName',
    'status.hostIP',
  ],
  Node: ['', 'status', 'status.addresses', 'status.addresses.0.address', 'metadata.labels'],
  Service: [
    'spec.clusterIP+spec.clusterIPs',
    'spec.clusterIPs',
    'spec.ports.0.nodePort',
    'status',
    'status.loadBalancer',
    'status.loadBalancer.ingress',
    'status.loadBalancer.ingress.0.ip',
  ],
  EndpointSlice: ['', 'endpoints.0.nodeName', 'endpoints.0.conditions', 'endpoints.0.addresses'],
};

/** Ways in which a dump does not say a value. */
const WAYS: Readonly<Record<string, unknown>> = {
  absent: undefined,
  null: null,
  redacted: '***HIDDEN***',
};

interface Mutation {
  readonly name: string;
  readonly dump: readonly DumpedObject[];
}

function without(value: unknown, path: readonly string[], by: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return by;
  if (typeof value !== 'object' || value === null || !(key in value)) return value;
  if (Array.isArray(value)) {
    return value.map((item, i) => (String(i) === key ? without(item, rest, by) : item));
  }
  const own = Object.entries(value).map(([k, v]) => [k, k === key ? without(v, rest, by) : v]);
  return Object.fromEntries(own.filter(([, v]) => v !== undefined));
}

function mutationsOf(dump: readonly DumpedObject[]): readonly Mutation[] {
  return dump.flatMap((object, place) =>
    (PLACES[String(object.kind)] ?? []).flatMap((paths) =>
      Object.entries(WAYS).flatMap(([way, by]): Mutation[] => {
        if (paths === '' && way !== 'absent') return [];
        // A whole part that is a text cannot be printed by any cluster or redactor.
        if (way === 'redacted' && /(^|\.)(status|loadBalancer|labels|conditions|0)$/.test(paths))
          return [];
        const changed =
          paths === ''
            ? undefined
            : paths
                .split('+')
                .reduce<unknown>((now, path) => without(now, path.split('.'), by), object);
        if (JSON.stringify(changed) === JSON.stringify(object)) return [];
        const { name } = object.metadata as { readonly name: string };
        return [
          {
            name: `${object.kind} ${name} ${paths} ${way}`,
            dump: dump.flatMap((one, i) =>
              i === place ? ((changed ?? []) as DumpedObject[]) : [one],
            ),
          },
        ];
      }),
    ),
  );
}

function verdictsOf(dump: readonly DumpedObject[]): readonly string[] {
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: dump });
  const reading = readWorld({
    manifests: [{ path: 'dump.json', text }],
    addresses: 'unknown',
  });
  if (reading.kind === 'problems') return DUMP_FLOWS.map(() => 'refused');
  const engine = createEngine(reading.value, { staged: 'as-written' });
  return DUMP_FLOWS.map((flow) => {
    const read = readFlows({ path: 'flows', text: JSON.stringify(flow) }, reading.value);
    const [first] = read.kind === 'read' ? read.value : [];
    return first === undefined ? 'refused' : engine.explain(first).verdict;
  });
}

const seeds = Array.from({ length: WORLDS }, (_, i) => FIRST_SEED + i);
let mutations = 0;

test.each(seeds)('dump of seed %i: every verdict stays, or becomes unknown', (seed) => {
  const dump = dumpFrom(seed);
  const before = verdictsOf(dump);
  expect(before).not.toContain('refused');
  const all = mutationsOf(dump);
  mutations += all.length;
  const wrong = all.flatMap(({ name, dump: forgotten }) => {
    const after = verdictsOf(forgotten);
    return after.flatMap((now, i) =>
      ['refused', 'unknown', before[i]].includes(now)
        ? []
        : [`${name}: ${JSON.stringify(DUMP_FLOWS[i])} was ${before[i]}, is ${now}`],
    );
  });
  expect(wrong).toEqual([]);
});

test('dumps have verdicts both ways, and enough values to forget', () => {
  const found = new Set(seeds.flatMap((seed) => verdictsOf(dumpFrom(seed))));
  expect([...found]).toEqual(expect.arrayContaining(['allowed', 'denied']));
  expect(mutations).toBeGreaterThan(100 * WORLDS);
});
