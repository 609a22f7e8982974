import type { Cidr, Ip } from './address';
import type { Protocol } from './flow';
import type { Policy, Tier } from './policy';
import type { Labels } from './selector';
import type { Vpc } from './vpc';

/** A port that a container declares; a listener stands behind each one in the local target. */
export interface ContainerPort {
  readonly name?: string;
  readonly protocol: Exclude<Protocol, 'ICMP'>;
  /** 1 to 65535. */
  readonly port: number;
}

/** A running pod. */
export interface PodEndpoint {
  readonly kind: 'pod';
  readonly namespace: string;
  readonly name: string;
  /** What made it, as `Kind/name` in its namespace (`Deployment/web`); a bare pod is `Pod/name`. */
  readonly workload: string;
  /**
   * Labels as policies see them: the pod's own, its namespace's under `pcns.`, its service
   * account's under `pcsa.`, and Calico's identity labels. Empty for a host-network pod, which no
   * policy selects and only an address matches.
   */
  readonly labels: Labels;
  /** One address a family; a host-network pod has its node's. */
  readonly addresses: readonly Ip[];
  /** Name of its node. */
  readonly node: string;
  readonly hostNetwork: boolean;
  /** Ready pods stand behind Services; one that is not gets no traffic from them. */
  readonly ready: boolean;
  readonly ports: readonly ContainerPort[];
  readonly serviceAccount: string;
  /** Security groups of its own branch interface (SecurityGroupPolicy); absent: its node's. */
  readonly securityGroups?: readonly string[];
}

/** A machine that pods run on. */
export interface NodeEndpoint {
  readonly kind: 'node';
  readonly name: string;
  readonly labels: Labels;
  readonly addresses: readonly Ip[];
  /** Where it stands in the VPC; absent where no template was given. */
  readonly placement?: NodePlacement;
}

export interface NodePlacement {
  readonly vpc: string;
  readonly zone: string;
  /** Ids of its network interfaces (`Vpc.interfaces`), the primary one first. */
  readonly interfaces: readonly string[];
  /**
   * Who hides pods from what is outside the VPC's blocks: the node, behind its primary address
   * (VPC CNI's default), or something further on (`AWS_VPC_K8S_CNI_EXTERNALSNAT`).
   */
  readonly snat: 'node' | 'external';
  /**
   * What becomes of pods with security groups of their own: `strict` sends even their traffic
   * with the same node through the VPC and never translates it; `standard` does neither
   * (`POD_SECURITY_GROUP_ENFORCING_MODE`).
   */
  readonly podSecurityGroups: 'strict' | 'standard';
  /**
   * How far answers of the instance metadata service may travel where it demands a token
   * (`HttpPutResponseHopLimit` with `HttpTokens: required`); 1 is as far as the node, and a pod of
   * its own is one hop further. Absent: as far as pods.
   */
  readonly metadataHops?: number;
}

/** Somebody outside the cluster. */
export interface OutsideEndpoint {
  readonly kind: 'outside';
  /** `internet`, a DNS name that the lab's resolver knows, or the address itself. */
  readonly name: string;
  readonly addresses: readonly Ip[];
  readonly ports: readonly ContainerPort[];
}

export type Endpoint = PodEndpoint | NodeEndpoint | OutsideEndpoint;

/** A namespace, with the label `kubernetes.io/metadata.name` that the API server adds. */
export interface Namespace {
  readonly name: string;
  readonly labels: Labels;
}

/** Addresses behind one port of a Service: a pod of ours, or an address an EndpointSlice gives. */
export interface Backend {
  readonly address: Ip;
  /** The port at the backend (targetPort), 1 to 65535. */
  readonly port: number;
  readonly ready: boolean;
  /** The backend's node, where known: traffic policies `Local` ask for it. */
  readonly node?: string;
}

export interface ServicePort {
  readonly name?: string;
  readonly protocol: Exclude<Protocol, 'ICMP'>;
  readonly port: number;
  /** 30000 to 32767 by default; for NodePort and LoadBalancer. */
  readonly nodePort?: number;
  readonly backends: readonly Backend[];
}

export interface Service {
  readonly namespace: string;
  readonly name: string;
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  /** Empty for headless and ExternalName. */
  readonly clusterIps: readonly Ip[];
  readonly headless: boolean;
  readonly externalName?: string;
  readonly ports: readonly ServicePort[];
  readonly internalTrafficPolicy: 'Cluster' | 'Local';
  readonly externalTrafficPolicy: 'Cluster' | 'Local';
  /** Seconds a client stays with its backend; absent: no affinity. */
  readonly affinitySeconds?: number;
  readonly loadBalancer?: LoadBalancer;
}

/** What the AWS Load Balancer Controller makes of a Service of type LoadBalancer. */
export interface LoadBalancer {
  readonly addresses: readonly Ip[];
  readonly targets: 'ip' | 'instance';
  readonly scheme: 'internal' | 'internet-facing';
  /** Does the pod see the client's address, or the load balancer's? */
  readonly preserveClientIp: boolean;
  /** `all`: each of its addresses sends to targets of every zone; absent: of its own zone alone. */
  readonly zones?: 'all';
  /** Groups it carries, by id or name; absent: the controller makes its own. */
  readonly securityGroups?: readonly string[];
  /** Who may call it (`loadBalancerSourceRanges`); absent: everybody. */
  readonly sourceRanges?: readonly Cidr[];
}

/**
 * What the AWS Load Balancer Controller makes of Ingresses of class `alb`: it reads HTTP, so it
 * always connects to its targets from its own addresses.
 */
export interface ApplicationBalancer {
  /** Ingresses of one group share it; `namespace/name` of an Ingress alone. */
  readonly group: string;
  readonly scheme: LoadBalancer['scheme'];
  readonly targets: LoadBalancer['targets'];
  /** Ports it listens on, 1 to 65535. */
  readonly listens: readonly number[];
  /** Empty where no template was given: then it stands nowhere. */
  readonly addresses: readonly Ip[];
  readonly securityGroups?: readonly string[];
  readonly sourceRanges?: readonly Cidr[];
}

/** Addresses with labels that Calico rules can select (NetworkSet, GlobalNetworkSet). */
export interface NetworkSet {
  readonly namespace?: string;
  readonly name: string;
  readonly labels: Labels;
  readonly nets: readonly Cidr[];
}

/** A node's own interface under Calico policy (HostEndpoint). */
export interface HostEndpoint {
  readonly name: string;
  readonly node: string;
  /** A device name, or `*` for all of the node's interfaces. */
  readonly interfaceName: string;
  readonly labels: Labels;
  readonly expectedIps: readonly Ip[];
  /** Carries the profile `projectcalico-default-allow` (automatic host endpoints do). */
  readonly defaultAllow: boolean;
}

/** A way of HTTP requests to Services: a path of an Ingress, or a match of an HTTPRoute. */
export interface HttpRoute {
  readonly kind: 'Ingress' | 'HTTPRoute';
  readonly namespace: string;
  readonly name: string;
  /** Who serves it: an ingress class, or `namespace/name` of a Gateway. */
  readonly via?: string;
  /** Host names it answers to, perhaps with `*.` in front; empty: every one. */
  readonly hosts: readonly string[];
  readonly path: { readonly kind: 'exact' | 'prefix' | 'pattern'; readonly value: string };
  /** Services it leads to, with the Service's port by number or name (`''`: none is named). */
  readonly backends: readonly HttpBackend[];
  /** Where its door takes such requests; absent: HTTP on port 80. */
  readonly listeners?: readonly HttpListener[];
  /** What else it asks of a request or does to it, by field (`headers`, `filters`); absent: nothing. */
  readonly unread?: readonly string[];
  /** Of an Ingress of class `alb`. */
  readonly loadBalancer?: ApplicationBalancer;
}

/** A Service that requests are led to. */
export interface HttpBackend {
  readonly namespace: string;
  readonly service: string;
  readonly port: number | string;
  /** Its share of the requests is its weight over the sum of all; absent: 1. */
  readonly weight?: number;
}

/** A port of a door, and whether TLS ends there. */
export interface HttpListener {
  /** 1 to 65535. */
  readonly port: number;
  readonly protocol: 'HTTP' | 'HTTPS';
}

/** Who may enforce network policies in a cluster on AWS. */
export type Enforcer = 'calico' | 'vpc-cni';

/** The model under judgement: everything that synthesized files say about the network. */
export interface World {
  readonly namespaces: readonly Namespace[];
  readonly nodes: readonly NodeEndpoint[];
  readonly pods: readonly PodEndpoint[];
  readonly outside: readonly OutsideEndpoint[];
  readonly services: readonly Service[];
  readonly tiers: readonly Tier[];
  readonly policies: readonly Policy[];
  readonly networkSets: readonly NetworkSet[];
  readonly hostEndpoints: readonly HostEndpoint[];
  /** Ways of HTTP requests into the cluster; absent: none were read. */
  readonly httpRoutes?: readonly HttpRoute[];
  /** Enforcers of policies that the files turn on; absent: they do not say. */
  readonly enforcers?: readonly Enforcer[];
  /** Empty where no template was given: then only policies decide. */
  readonly vpcs: readonly Vpc[];
  /** DNS: `cluster.local` unless said otherwise. */
  readonly clusterDomain: string;
  /** Block of the Services' cluster addresses. */
  readonly serviceCidr: Cidr;
}
