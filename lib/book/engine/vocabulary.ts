import type { Labels } from '../../model/selector';
import type { World } from '../../model/world';
import { KINDS } from '../../read/kubernetes/kinds';
import type { Vocabulary } from './types';

/** Labels that selectors see and that no manifest of a pod has. */
const DERIVED = /^(pcns|pcsa)\.|^projectcalico\.org\//;

/** The kinds that are read, with their API versions. */
const JUDGED_KINDS = Object.fromEntries(
  Object.entries(KINDS).map(([kind, read]) => [kind, read.flatMap(({ versions }) => versions)]),
);

/** What completion knows where files cannot be read. */
export const NO_VOCABULARY: Vocabulary = {
  namespaces: [],
  tiers: [],
  labels: {},
  namespaceLabels: {},
  ports: [],
  ends: [],
  serviceAccounts: [],
  kinds: JUDGED_KINDS,
};

/** What a world has that a policy may name. */
export function vocabularyOf(world: World): Vocabulary {
  const { namespaces, pods, services, tiers, networkSets } = world;
  const own = [...pods.map(({ labels }) => labels), ...networkSets.map(({ labels }) => labels)];
  return {
    namespaces: sorted(namespaces.map(({ name }) => name)),
    tiers: sorted(tiers.map(({ name }) => name)),
    labels: valuesByKey(own.map(written)),
    namespaceLabels: valuesByKey(namespaces.map(({ labels }) => labels)),
    ports: [
      ...new Set(
        pods.flatMap(({ ports }) =>
          ports.flatMap(({ port, name }) => (name === undefined ? [port] : [port, name])),
        ),
      ),
    ],
    ends: sorted([
      ...pods.map(({ namespace, name }) => `${namespace}/${name}`),
      ...services.map(({ namespace, name }) => `svc:${namespace}/${name}`),
      'internet',
    ]),
    serviceAccounts: sorted(pods.map(({ serviceAccount }) => serviceAccount)),
    kinds: JUDGED_KINDS,
  };
}

const sorted = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();

const written = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([key]) => !DERIVED.test(key)));

function valuesByKey(all: readonly Labels[]): Readonly<Record<string, readonly string[]>> {
  const values = new Map<string, string[]>();
  for (const labels of all) {
    for (const [key, value] of Object.entries(labels)) {
      values.set(key, [...(values.get(key) ?? []), value]);
    }
  }
  return Object.fromEntries([...values].map(([key, found]) => [key, sorted(found)]));
}
