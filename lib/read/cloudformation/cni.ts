import { type Cidr, familyOf, parseCidr } from '../../model/address';
import type { PolicyMode } from '../../model/policy-mode';
import type { Unknown } from '../../model/vpc';
import { awsNodeEnvironment, type CniEnvironment, type CniVariables } from './aws-node';
import { isRecord, type Raw, type RawMap } from './document';
import { knownText, type Resource, type Resources, remark, textAt } from './resource';
import { isUnknown } from './value';

/** How the VPC CNI gives addresses to pods (amazon-vpc-cni-k8s: README, its environment). */
export interface CniSettings {
  /** Pods stand in subnets of their own, per zone (`AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG`). */
  readonly customNetworking: boolean | Unknown;
  /** Subnet and groups of pods, by zone. */
  readonly eniConfigs: Readonly<Record<string, EniConfig>>;
  /** Addresses come in blocks of 16 (`ENABLE_PREFIX_DELEGATION`). */
  readonly prefixDelegation: boolean;
  /** Whether pods can have groups of their own, and how these are enforced. */
  readonly podSecurityGroups: 'off' | 'strict' | 'standard' | Unknown;
  /** May the kubelet connect to `strict` pods of its node by TCP (`DISABLE_TCP_EARLY_DEMUX`)? */
  readonly earlyDemux: boolean;
  /** Does its agent enforce network policies (`enableNetworkPolicy`)? */
  readonly networkPolicy: boolean;
  /** What pods without a NetworkPolicy may do (`NETWORK_POLICY_ENFORCING_MODE`): all, or nothing. */
  readonly policyMode: PolicyMode;
  /** Who translates pods that leave the VPC (`AWS_VPC_K8S_CNI_EXTERNALSNAT`). */
  readonly snat: 'node' | 'external' | Unknown;
  /** Blocks outside the VPC to which the node does not translate. */
  readonly snatExclusions: readonly Cidr[];
}

export interface EniConfig {
  readonly subnet: string;
  /** Empty: those of the node's primary interface. */
  readonly securityGroups: readonly string[];
}

/** The add-on, and the Helm chart of the same values. */
const CHART = 'aws-vpc-cni';

/**
 * Reads the settings of a cluster's VPC CNI: from the DaemonSet `aws-node` that CDK applies, the
 * `vpc-cni` add-on, or the Helm chart `aws-vpc-cni`. Where the templates have none of them, what
 * decides is unknown.
 */
export function readCni(resources: Resources, cluster: readonly string[]): CniSettings {
  const own = (type: string): readonly Resource[] =>
    resources
      .ofType(type)
      .filter(({ properties }) => cluster.includes(knownText(properties, 'ClusterName') ?? ''));
  const addon = own('AWS::EKS::Addon').find(({ properties }) => properties.AddonName === 'vpc-cni');
  const chart = own('Custom::AWSCDK-EKS-HelmChart').find(
    ({ properties }) => knownText(properties, 'Chart') === CHART,
  );
  const applied = appliedObjects(own('Custom::AWSCDK-EKS-KubernetesResource'));
  const found = addon ?? chart;
  const key = addon === undefined ? 'Values' : 'ConfigurationValues';
  const settings =
    found === undefined
      ? cniWithoutSource()
      : installed(resources, found, textAt(found.properties, key));
  const eniConfigs = { ...settings.eniConfigs, ...appliedEniConfigs(applied) };
  const daemon = applied.map(awsNodeEnvironment).find((one) => one !== undefined);
  const told = daemon === undefined ? settings : withEnvironment(settings, daemon);
  return { ...told, eniConfigs };
}

/** The settings where nothing in the input says which they are. */
const cniWithoutSource = (): CniSettings =>
  unknownSettings(
    'the VPC CNI’s settings: the input has no vpc-cni add-on and no DaemonSet aws-node',
  );

function installed(
  resources: Resources,
  source: Resource,
  text: ReturnType<typeof textAt>,
): CniSettings {
  if (text === undefined) return settingsOf({}, resources.region);
  if (isUnknown(text)) {
    const fix = 'give the parameter a value, or the DaemonSet aws-node among the manifests';
    remark(resources, source, `its configuration is ${text.unknown}, known only later`, fix);
    return { ...unknownSettings(text.unknown), customNetworking: { unknown: text.unknown } };
  }
  const parsed = parseJson(text);
  if (isRecord(parsed)) return settingsOf(parsed, resources.region);
  remark(resources, source, 'its configuration is no JSON object', 'write JSON');
  return unknownSettings('a configuration of the VPC CNI that is not a JSON object');
}

function unknownSettings(what: string): CniSettings {
  const unknown = { unknown: what };
  const known = settingsOf({}, '');
  return { ...known, snat: unknown, podSecurityGroups: unknown };
}

function settingsOf(values: RawMap, region: string): CniSettings {
  const textsOf = (map: Raw | undefined): CniVariables =>
    Object.fromEntries(
      Object.entries(isRecord(map) ? map : {}).map(([key, value]) => [key, String(value)]),
    );
  const init = isRecord(values.init) ? values.init.env : {};
  const bare: CniSettings = {
    customNetworking: false,
    eniConfigs: eniConfigsOf(isRecord(values.eniConfig) ? values.eniConfig : {}, region),
    prefixDelegation: false,
    podSecurityGroups: 'off',
    earlyDemux: true,
    networkPolicy: String(values.enableNetworkPolicy ?? 'false') === 'true',
    policyMode: 'standard',
    snat: 'node',
    snatExclusions: [],
  };
  return withEnvironment(bare, { env: textsOf(values.env), init: textsOf(init) });
}

/**
 * Settings with what the environment of the CNI's containers says; a variable that is absent has its
 * default there (amazon-vpc-cni-k8s: README, "CNI Configuration Variables").
 */
export function withEnvironment(settings: CniSettings, { env, init }: CniEnvironment): CniSettings {
  const external = flagOf(env, 'AWS_VPC_K8S_CNI_EXTERNALSNAT');
  const excluded = env.AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS ?? '';
  const snat = snatOf(external);
  const isListed = snat === 'node' && typeof excluded === 'string';
  return {
    ...settings,
    customNetworking: flagOf(env, 'AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG'),
    prefixDelegation: flagOf(env, 'ENABLE_PREFIX_DELEGATION') === true,
    podSecurityGroups: podGroupsOf(env),
    policyMode: policyModeOf(env),
    earlyDemux: flagOf(init, 'DISABLE_TCP_EARLY_DEMUX') !== true,
    snat: snat === 'node' && typeof excluded !== 'string' ? excluded : snat,
    snatExclusions: isListed ? blocksOf(excluded) : [],
  };
}

/** The policy mode that the environment of `aws-node` sets (EKS user guide: cni-network-policy-configure). */
export function policyModeOf({ NETWORK_POLICY_ENFORCING_MODE: mode }: CniVariables): PolicyMode {
  if (typeof mode === 'object') return mode;
  return mode?.toLowerCase() === 'strict' ? 'strict' : 'standard';
}

function snatOf(external: ReturnType<typeof flagOf>): CniSettings['snat'] {
  if (typeof external !== 'boolean') return external;
  return external ? 'external' : 'node';
}

function podGroupsOf(env: CniVariables): CniSettings['podSecurityGroups'] {
  const on = flagOf(env, 'ENABLE_POD_ENI');
  if (on === false) return 'off';
  const mode = env.POD_SECURITY_GROUP_ENFORCING_MODE;
  if (on !== true) return on;
  if (typeof mode === 'object') return mode;
  return mode === 'standard' ? 'standard' : 'strict';
}

/** Go's strconv.ParseBool, which the CNI reads its variables with; anything else is its default, false. */
function flagOf(env: CniVariables, key: string): boolean | Unknown {
  const value = env[key] ?? '';
  return typeof value === 'string' ? /^(1|t|T|true|TRUE|True)$/.test(value) : value;
}

/** The IPv4 blocks of a list with commas; the CNI skips what is none. */
const blocksOf = (text: string): readonly Cidr[] =>
  text.split(',').flatMap((item) => {
    const block = parseCidr(item.trim());
    return 'problem' in block || familyOf(block.address) === 6 ? [] : [block];
  });

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

/** Kubernetes objects that CDK applies to the cluster (`KubernetesManifest`). */
const appliedObjects = (manifests: readonly Resource[]): readonly RawMap[] =>
  manifests
    .flatMap(({ properties }) => parseJson(knownText(properties, 'Manifest') ?? '') ?? [])
    .filter(isRecord);

/** ENIConfig objects among them, by name. */
const appliedEniConfigs = (objects: readonly RawMap[]): Readonly<Record<string, EniConfig>> =>
  Object.fromEntries(
    objects.flatMap(({ kind, metadata, spec }) => {
      if (kind !== 'ENIConfig') return [];
      if (!isRecord(metadata) || !isRecord(spec) || typeof spec.subnet !== 'string') return [];
      const groups = Array.isArray(spec.securityGroups) ? spec.securityGroups : [];
      const config = { subnet: spec.subnet, securityGroups: groups.map(String) };
      return [[String(metadata.name), config] as const];
    }),
  );

function parseJson(text: string): Raw | undefined {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
