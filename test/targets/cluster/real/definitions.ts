import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubernetesObject } from '@kubernetes/client-node';
import { objectsOf } from '../../../../lib/targets/cluster/cluster';

/** A definition of a kind, as far as this file changes any. */
export interface Definition extends KubernetesObject {
  spec: {
    group: string;
    scope: string;
    names: { kind: string; listKind?: string; plural: string; singular: string };
    versions: { name: string; schema: { openAPIV3Schema: Schema } }[];
  };
}

interface Schema {
  properties?: Record<string, Schema>;
  [more: string]: unknown;
}

/**
 * Go modules that hold the definitions of kinds that our stages use, as their own projects publish
 * them; with the checksum that Go's database has for each.
 */
const MODULES = {
  gateway: {
    module: 'sigs.k8s.io/gateway-api@v1.4.1',
    sum: 'h1:NPxFutNkKNa8UfLd2CMlEuhIPMQgDQ6DXNKG9sHbJU8=',
    at: 'config/crd/standard',
  },
  istio: {
    module: 'istio.io/api@v1.31.1',
    sum: 'h1:5Yb5ihcz4YQsCkciusK7DnFpBMwRB6EFWeUKH1Atuyk=',
    at: 'kubernetes/customresourcedefinitions.gen.yaml',
  },
  kyverno: {
    module: 'github.com/kyverno/kyverno@v1.17.2',
    sum: 'h1:bMbPzBOoD48WTQj4Zswq2PRUpSVKNyGqCD3z/19IyuU=',
    at: 'config/crds/kyverno',
  },
  reports: {
    module: 'github.com/kyverno/kyverno@v1.17.2',
    sum: 'h1:bMbPzBOoD48WTQj4Zswq2PRUpSVKNyGqCD3z/19IyuU=',
    at: 'config/crds/policyreport',
  },
  podGroups: {
    module: 'github.com/aws/amazon-vpc-resource-controller-k8s@v1.8.2',
    sum: 'h1:S6fvZf7+Xjho4LLo2AdxT3x9yaOJ37Ly/eGQd+ASWi4=',
    at: 'config/crd/bases',
  },
  interfaces: {
    module: 'github.com/aws/amazon-vpc-cni-k8s@v1.23.2',
    sum: 'h1:Ka5CQyoDQhTJ41BruEiI35Xs7LJoC+zUubWI5+xbrLc=',
    at: 'charts/aws-vpc-cni/crds/customresourcedefinition.yaml',
  },
  calico: {
    module: 'github.com/projectcalico/calico@v1.11.0-cni-plugin.0.20250813170300-a0db560f0520',
    sum: 'h1:TXnPEzx4pLWgwzCetIO/VJuz4iBZZrOdNSv16a50YqE=',
    at: 'libcalico-go/config/crd',
  },
} as const;

/** Brings the modules into Go's own cache; answers why it cannot. */
export function fetchDefinitions(): string | undefined {
  try {
    for (const source of Object.values(MODULES)) folderOf(source);
    return undefined;
  } catch (error) {
    return `definitions cannot be had: ${error instanceof Error ? error.message : error}`;
  }
}

/** Every kind that the labs' stages use beside Kubernetes' own. */
export const definitions = (): readonly Definition[] => {
  const { calico, ...others } = MODULES;
  return [...Object.values(others).flatMap(definitionsIn), ...calicoKinds(definitionsIn(calico))];
};

interface Source {
  readonly module: string;
  readonly sum: string;
  readonly at: string;
}

/** The folder of a module; the checksum is compared, whoever served it. */
function folderOf({ module, sum }: Source): string {
  const options = { encoding: 'utf8', cwd: tmpdir(), timeout: 300_000 } as const;
  const answer = execFileSync('go', ['mod', 'download', '-json', module], options);
  const { Dir, Sum } = JSON.parse(answer) as { readonly Dir: string; readonly Sum: string };
  if (Sum !== sum) throw new Error(`${module} is ${Sum}, expected ${sum}`);
  return Dir;
}

function definitionsIn(source: Source): readonly Definition[] {
  const path = join(folderOf(source), source.at);
  const files = statSync(path).isDirectory()
    ? readdirSync(path).map((name) => join(path, name))
    : [path];
  return files
    .flatMap((file) => objectsOf(readFileSync(file, 'utf8')))
    .filter(({ kind }) => kind === 'CustomResourceDefinition') as Definition[];
}

const V3 = 'projectcalico.org';

/**
 * Calico's API server takes `projectcalico.org/v3` and stores `crd.projectcalico.org/v1`, with the
 * same fields. So the stored kinds, renamed, stand for those it serves. The module that can be had
 * is Calico 3.28: tiers and staged policies are younger there, and added by hand as Calico 3.31
 * documents them. What its API server checks beyond fields (selectors, tiers that exist) is not here.
 */
function calicoKinds(stored: readonly Definition[]): readonly Definition[] {
  const served = stored.map((definition) => serve(definition));
  const find = (kind: string): Definition => {
    const found = served.find(({ spec }) => spec.names.kind === kind);
    if (found === undefined) throw new Error(`no definition of Calico's ${kind}`);
    return found;
  };
  const policies = [find('NetworkPolicy'), find('GlobalNetworkPolicy')];
  for (const policy of policies) specOf(policy).tier = { type: 'string' };
  const staged = policies.map((policy) => {
    const kind = `Staged${policy.spec.names.kind}`;
    const copy = rename(structuredClone(policy), kind);
    specOf(copy).stagedAction = { type: 'string', enum: ['Set', 'Delete', 'Learn', 'Ignore'] };
    return copy;
  });
  const tier = rename(structuredClone(find('GlobalNetworkSet')), 'Tier');
  for (const field of Object.keys(specOf(tier))) delete specOf(tier)[field];
  specOf(tier).order = { type: 'number' };
  specOf(tier).defaultAction = { type: 'string', enum: ['Deny', 'Pass'] };
  return [...served, ...staged, tier];
}

function serve({ spec, ...head }: Definition): Definition {
  const versions = spec.versions.map((version) => ({ ...version, name: 'v3' }));
  const metadata = { name: `${spec.names.plural}.${V3}` };
  return structuredClone({ ...head, metadata, spec: { ...spec, group: V3, versions } });
}

function rename(definition: Definition, kind: string): Definition {
  const singular = kind.toLowerCase();
  const plural = singular.replace(/y$/, 'ie').concat('s');
  definition.spec.names = { kind, listKind: `${kind}List`, plural, singular };
  definition.metadata = { name: `${plural}.${V3}` };
  return definition;
}

const specOf = ({ spec }: Definition): Record<string, Schema> =>
  spec.versions[0]?.schema.openAPIV3Schema.properties?.spec?.properties ?? {};
