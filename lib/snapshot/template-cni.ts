import { isRecord, type Raw, type RawMap } from './template-document';
import { knownText, type Resources, remark, textAt } from './template-resource';
import { isUnknown } from './template-value';

/** How the VPC CNI gives addresses to pods (amazon-vpc-cni-k8s: README, its environment). */
export interface CniSettings {
  /** Pods stand in subnets of their own, per zone (`AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG`). */
  readonly customNetworking: boolean;
  /** Subnet and groups of pods, by zone. */
  readonly eniConfigs: Readonly<Record<string, EniConfig>>;
  /** Addresses come in blocks of 16 (`ENABLE_PREFIX_DELEGATION`). */
  readonly prefixDelegation: boolean;
  /** Whether pods can have groups of their own, and how these are enforced. */
  readonly podSecurityGroups: 'off' | 'strict' | 'standard';
  /** Does its agent enforce network policies (`enableNetworkPolicy`)? */
  readonly networkPolicy: boolean;
  /** Who translates pods that leave the VPC (`AWS_VPC_K8S_CNI_EXTERNALSNAT`). */
  readonly snat: 'node' | 'external';
}

export interface EniConfig {
  readonly subnet: string;
  /** Empty: those of the node's primary interface. */
  readonly securityGroups: readonly string[];
}

/** Reads the settings from the cluster's `vpc-cni` add-on; without one they are the defaults. */
export function readCni(resources: Resources, cluster: readonly string[]): CniSettings {
  const addon = resources
    .ofType('AWS::EKS::Addon')
    .find(
      ({ properties }) =>
        properties.AddonName === 'vpc-cni' &&
        cluster.includes(knownText(properties, 'ClusterName') ?? ''),
    );
  const applied = appliedEniConfigs(resources, cluster);
  const settings = (values: RawMap): CniSettings => {
    const own = settingsOf(values, resources.region);
    return { ...own, eniConfigs: { ...own.eniConfigs, ...applied } };
  };
  const text = addon === undefined ? undefined : textAt(addon.properties, 'ConfigurationValues');
  if (addon === undefined || text === undefined) return settings({});
  const parsed = isUnknown(text) ? undefined : parseJson(text);
  if (isRecord(parsed)) return settings(parsed);
  const what = isUnknown(text) ? `known only later (${text.unknown})` : 'no JSON object';
  remark(resources, addon, `its configuration is ${what}: defaults are taken`, 'write JSON');
  return settings({});
}

function settingsOf(values: RawMap, region: string): CniSettings {
  const env = isRecord(values.env) ? values.env : {};
  const on = (key: string): boolean => String(env[key] ?? 'false') === 'true';
  const standard = env.POD_SECURITY_GROUP_ENFORCING_MODE === 'standard';
  return {
    customNetworking: on('AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG'),
    eniConfigs: eniConfigsOf(isRecord(values.eniConfig) ? values.eniConfig : {}, region),
    prefixDelegation: on('ENABLE_PREFIX_DELEGATION'),
    podSecurityGroups: !on('ENABLE_POD_ENI') ? 'off' : standard ? 'standard' : 'strict',
    networkPolicy: String(values.enableNetworkPolicy ?? 'false') === 'true',
    snat: on('AWS_VPC_K8S_CNI_EXTERNALSNAT') ? 'external' : 'node',
  };
}

/** The add-on makes an ENIConfig per zone; its keys are zones, or what follows the region. */
function eniConfigsOf(values: RawMap, region: string): Readonly<Record<string, EniConfig>> {
  const subnets = isRecord(values.subnets) ? values.subnets : {};
  return Object.fromEntries(
    Object.entries(subnets).flatMap(([key, value]) => {
      if (!isRecord(value) || typeof value.id !== 'string') return [];
      const groups = Array.isArray(value.securityGroups) ? value.securityGroups : [];
      const zone = key.startsWith(region) ? key : `${region}${key}`;
      return [[zone, { subnet: value.id, securityGroups: groups.map(String) }] as const];
    }),
  );
}

/** ENIConfig objects that CDK applies to the cluster (`KubernetesManifest`), by name. */
function appliedEniConfigs(
  resources: Resources,
  cluster: readonly string[],
): Readonly<Record<string, EniConfig>> {
  const manifests = resources
    .ofType('Custom::AWSCDK-EKS-KubernetesResource')
    .filter(({ properties }) => cluster.includes(knownText(properties, 'ClusterName') ?? ''))
    .flatMap(({ properties }) => parseJson(knownText(properties, 'Manifest') ?? '') ?? []);
  return Object.fromEntries(
    manifests.flatMap((manifest) => {
      if (!isRecord(manifest) || manifest.kind !== 'ENIConfig') return [];
      const { metadata, spec } = manifest;
      if (!isRecord(metadata) || !isRecord(spec) || typeof spec.subnet !== 'string') return [];
      const groups = Array.isArray(spec.securityGroups) ? spec.securityGroups : [];
      const config = { subnet: spec.subnet, securityGroups: groups.map(String) };
      return [[String(metadata.name), config] as const];
    }),
  );
}

function parseJson(text: string): Raw | undefined {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
