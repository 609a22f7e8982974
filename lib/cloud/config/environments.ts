/** What can be installed on top of a cluster; a lab names what it needs, nothing else is there. */
export type AddonName = 'calico' | 'load-balancer-controller' | 'gateway-api' | 'kyverno' | 'istio';

/** The cloud a lab needs, beyond the VPC that all of them have. */
export interface Environment {
  /** `none`: the VPC is the lesson, and an hour without a cluster is cheap. */
  readonly cluster: 'eks' | 'none';
  /**
   * Where pods get their addresses: in their node's own subnet, or in the pod subnets
   * (VPC CNI custom networking, an ENIConfig a zone).
   */
  readonly podAddresses: 'node-subnets' | 'pod-subnets';
  /** Addresses by /28 prefixes: many more pods a node (Nitro instances only). */
  readonly prefixDelegation: 'on' | 'off';
  /** Security groups for pods: branch interfaces (ENABLE_POD_ENI; no t3 has them). */
  readonly podSecurityGroups: 'on' | 'off';
  /** IPVS is deprecated upstream since 1.35 (KEP-5495) and still what one lab compares. */
  readonly kubeProxy: 'iptables' | 'ipvs' | 'nftables';
  /** In the order they are installed. */
  readonly addons: readonly AddonName[];
  /** A second, peered VPC beside the first. */
  readonly peer: 'second-vpc' | 'none';
}

/** What a cluster has where nothing else is said: pods in the nodes' subnets, and Calico. */
export const DEFAULT_ENVIRONMENT: Environment = {
  cluster: 'eks',
  podAddresses: 'node-subnets',
  prefixDelegation: 'on',
  podSecurityGroups: 'off',
  kubeProxy: 'iptables',
  addons: ['calico'],
  peer: 'none',
};

/** Every lab that runs on EKS, and what it needs there. */
export const ENVIRONMENTS = {
  'cni-4-anatomy': DEFAULT_ENVIRONMENT,
  'k8s-1-pods': { ...DEFAULT_ENVIRONMENT, prefixDelegation: 'off' },
  'k8s-2-services': { ...DEFAULT_ENVIRONMENT, addons: ['calico', 'load-balancer-controller'] },
  'k8s-3-kube-proxy': { ...DEFAULT_ENVIRONMENT, kubeProxy: 'nftables' },
  'k8s-4-dns': DEFAULT_ENVIRONMENT,
  'k8s-5-network-policy': DEFAULT_ENVIRONMENT,
  'k8s-6-ingress': {
    ...DEFAULT_ENVIRONMENT,
    addons: ['calico', 'gateway-api', 'load-balancer-controller'],
  },
  'k8s-7-troubleshoot': DEFAULT_ENVIRONMENT,
  'aws-1-vpc': { ...DEFAULT_ENVIRONMENT, cluster: 'none', addons: [] },
  'aws-2-sg-nacl': { ...DEFAULT_ENVIRONMENT, podAddresses: 'pod-subnets' },
  'aws-3-vpc-cni': { ...DEFAULT_ENVIRONMENT, podAddresses: 'pod-subnets', podSecurityGroups: 'on' },
  'aws-4-load-balancers': {
    ...DEFAULT_ENVIRONMENT,
    addons: ['calico', 'load-balancer-controller'],
  },
  'aws-5-path': {
    ...DEFAULT_ENVIRONMENT,
    podAddresses: 'pod-subnets',
    addons: ['calico', 'load-balancer-controller'],
  },
  'calico-1-policy-basics': DEFAULT_ENVIRONMENT,
  'calico-2-order': DEFAULT_ENVIRONMENT,
  'zt-1-map': DEFAULT_ENVIRONMENT,
  'zt-2-audit': DEFAULT_ENVIRONMENT,
  'zt-3-enforce': DEFAULT_ENVIRONMENT,
  'zt-4-egress': DEFAULT_ENVIRONMENT,
  'zt-5-rollout': DEFAULT_ENVIRONMENT,
  'gov-1-kyverno': { ...DEFAULT_ENVIRONMENT, addons: ['calico', 'kyverno'] },
  'mesh-1-mtls': { ...DEFAULT_ENVIRONMENT, addons: ['calico', 'istio'] },
  'mesh-2-canary': { ...DEFAULT_ENVIRONMENT, addons: ['calico', 'istio'] },
  'obs-1-observe': DEFAULT_ENVIRONMENT,
  'mc-1-two-clusters': { ...DEFAULT_ENVIRONMENT, peer: 'second-vpc' },
  capstone: {
    ...DEFAULT_ENVIRONMENT,
    addons: ['calico', 'gateway-api', 'load-balancer-controller'],
  },
} as const satisfies Readonly<Record<string, Environment>>;

/** Id of a lab that runs on EKS. */
export type CloudLabId = keyof typeof ENVIRONMENTS;

export const cloudLabIds = Object.keys(ENVIRONMENTS) as readonly CloudLabId[];

export const isCloudLab = (id: string): id is CloudLabId => Object.hasOwn(ENVIRONMENTS, id);

export const environmentOf = (lab: CloudLabId): Environment => ENVIRONMENTS[lab];
