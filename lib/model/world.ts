import type { Cidr, Ip } from './address';
import type { LoadBalancerScheme, LoadBalancerTargets } from './balancer';
import type { CalicoMinor } from './calico-release';
import type { Protocol } from './flow';
import type { HttpModel } from './http';
import type { LeftOut } from './left-out';
import type { Policy, Tier } from './policy';
import type { Labels } from './selector';
import type { Unknown, Vpc } from './vpc';

/** A port that a container declares; a listener stands behind each one in the local target. */
export interface ContainerPort {
  readonly name?: string;
  readonly protocol: Exclude<Protocol, 'ICMP'>;
  /** 1 to 65535. */
  readonly port: number;
}

/** When a pod ran, in seconds since 1970; absent: the input does not say. */
export interface PodLifetime {
  readonly startedAt?: number;
  readonly finishedAt?: number;
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
  /**
   * Prefixes of labels that it may have beyond `labels`: the input lacks its Namespace (`pcns.`) or its
   * ServiceAccount (`pcsa.`). Absent: all labels are known.
   */
  readonly openLabels?: readonly string[];
  /** Labels of a host-network pod, which no policy sees; absent: policies see `labels`. */
  readonly unseenLabels?: Labels;
  /** One address a family; a host-network pod has its node's. */
  readonly addresses: readonly Ip[];
  /** The input gives no address: those here stand for any. Absent: the addresses are known. */
  readonly assumedAddress?: true;
  /** Name of its node. */
  readonly node: string;
  /** The input names no node: the one here stands for any. Absent: the node is known. */
  readonly assumedNode?: true;
  /** The nodes that its `nodeSelector` admits, where the input names no node. Absent: every node. */
  readonly nodeChoice?: readonly string[];
  readonly hostNetwork: boolean;
  /** Ready pods stand behind Services; one that is not gets no traffic from them. */
  readonly ready: boolean;
  readonly ports: readonly ContainerPort[];
  readonly serviceAccount: string;
  /** How its containers resolve names; absent: with the cluster's DNS (`ClusterFirst`). */
  readonly dns?: PodDns;
  /** Security groups of its own branch interface (SecurityGroupPolicy); absent: its node's. */
  readonly securityGroups?: readonly string[];
  /** When the kubelet took it up (`status.startTime`), in seconds since 1970; absent: not given. */
  readonly startedAt?: number;
}

/** A pod that ended (phase `Succeeded` or `Failed`): it has no endpoint any more, and records may name it. */
export interface FinishedPod
  extends Pick<
      PodEndpoint,
      'namespace' | 'name' | 'workload' | 'labels' | 'addresses' | 'node' | 'hostNetwork' | 'ports'
    >,
    PodLifetime {}

/** The labels by which a workload's controller selects its pods (`spec.selector.matchLabels`). */
export interface WorkloadSelector {
  readonly namespace: string;
  /** `Kind/name`. */
  readonly workload: string;
  readonly labels: Labels;
}

/** A pod's resolver where it is not the one of `dnsPolicy: ClusterFirst` (Kubernetes: "Pod's DNS Policy"). */
export interface PodDns {
  /** What the kubelet starts from: the cluster's DNS, the node's resolv.conf, or nothing. */
  readonly policy: 'cluster' | 'node' | 'none';
  /** Added by `dnsConfig`, after those of the policy. */
  readonly nameservers: readonly Ip[];
  readonly searches: readonly string[];
  /** As in resolv.conf: `ndots:2`. */
  readonly options: readonly string[];
}

/** A machine that pods run on. */
export interface NodeEndpoint {
  readonly kind: 'node';
  readonly name: string;
  readonly labels: Labels;
  readonly addresses: readonly Ip[];
  /** The input gives no address: those here stand for any. Absent: the addresses are known. */
  readonly assumedAddress?: true;
  /** The input has no such Node, so it may have any labels. Absent: the labels are known. */
  readonly assumedLabels?: true;
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
  readonly snat: 'node' | 'external' | Unknown;
  /** Blocks outside the VPC to which pods keep their address (`AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS`). */
  readonly snatExclusions?: readonly Cidr[];
  /**
   * What becomes of pods with security groups of their own: `strict` sends even their traffic
   * with the same node through the VPC and never translates it; `standard` does neither
   * (`POD_SECURITY_GROUP_ENFORCING_MODE`).
   */
  readonly podSecurityGroups: 'strict' | 'standard';
  /**
   * The node's kernel assigns TCP packets to its own sockets before it routes them, so that its
   * kubelet cannot connect to its `strict` pods (`DISABLE_TCP_EARLY_DEMUX` is not true).
   */
  readonly earlyDemux?: true;
  /**
   * How far answers of the instance metadata service may travel where it demands a token
   * (`HttpPutResponseHopLimit` with `HttpTokens: required`); 1 is as far as the node, and a pod of
   * its own is one hop further. Absent: as far as pods.
   */
  readonly metadataHops?: number | Unknown;
  /** Whether the instance metadata service is there at all (`HttpEndpoint`); absent: it is. */
  readonly metadataEndpoint?: 'disabled' | Unknown;
}

/** A host outside the cluster. */
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
  /** The input has no such Namespace, so it may have further labels. Absent: the labels are known. */
  readonly assumedLabels?: true;
}

/** Addresses behind one port of a Service: a pod of ours, or an address an EndpointSlice gives. */
export interface Backend {
  readonly address: Ip;
  /** The port at the backend (targetPort), 1 to 65535. */
  readonly port: number;
  readonly ready: boolean;
  /** The backend's node, where known: traffic policies `Local` ask for it. */
  readonly node?: string;
  /** Serving while it terminates: kube-proxy uses it only where no backend is ready. */
  readonly draining?: true;
  /** Zones whose traffic it takes (EndpointSlice `hints.forZones`); absent: no such hint. */
  readonly zoneHints?: readonly string[];
  /** Nodes whose traffic it takes (EndpointSlice `hints.forNodes`); absent: no such hint. */
  readonly nodeHints?: readonly string[];
}

/** An endpoint of a Service's EndpointSlices as DNS reads it: with its own ports, also with none. */
export interface ServiceEndpoint {
  readonly address: Ip;
  readonly ready: boolean;
  /** Its name below the Service's (`hostname` of the endpoint); absent: its address with dashes. */
  readonly hostname?: string;
  /** Ports of its slice; one without a number is any port. */
  readonly ports: readonly (Pick<ServicePort, 'name' | 'protocol'> & { readonly port?: number })[];
}

export interface ServicePort {
  readonly name?: string;
  readonly protocol: Exclude<Protocol, 'ICMP'>;
  readonly port: number;
  /** 30000 to 32767 by default; for NodePort and LoadBalancer. Absent: none was allocated. */
  readonly nodePort?: number;
  /** The input does not give the node port: the one here stands for any. Absent: it is known. */
  readonly assumedNodePort?: true;
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
  /** Every endpoint of its slices; absent: the backends of its ports. */
  readonly endpoints?: readonly ServiceEndpoint[];
  /** It has no selector, and no file lists its endpoints: what is behind it is not known. */
  readonly areEndpointsUnknown?: true;
  /** Addresses that kube-proxy serves on every node beside the cluster addresses (`externalIPs`). */
  readonly externalIps?: readonly Ip[];
  /** Load balancer addresses of the status that kube-proxy serves on every node (`ipMode: VIP`). */
  readonly balancerVips?: readonly Ip[];
  /** Load balancer addresses of the status that kube-proxy leaves to the balancer (`ipMode: Proxy`). */
  readonly proxiedVips?: readonly Ip[];
  /** The input does not give the address of its load balancer, which may be any. */
  readonly isVipUnknown?: true;
  /** A load balancer that no AWS controller makes: its `loadBalancerClass`. */
  readonly foreignClass?: string;
  /** Clients that `balancerVips` admit (`loadBalancerSourceRanges`); absent: all. */
  readonly sourceRanges?: readonly Cidr[];
}

/** What the AWS Load Balancer Controller makes of a Service of type LoadBalancer. */
export interface LoadBalancer {
  readonly addresses: readonly Ip[];
  readonly targets: LoadBalancerTargets;
  readonly scheme: LoadBalancerScheme;
  /** Does the pod see the client's address, or the load balancer's? */
  readonly preserveClientIp: boolean;
  /** `all`: each of its addresses sends to targets of every zone; absent: of its own zone alone. */
  readonly zones?: 'all';
  /** Groups it carries, by id or name; absent: the controller makes its own. */
  readonly securityGroups?: readonly string[];
  /** With groups of its own: the controller opens the targets' groups all the same. */
  readonly managesBackendRules?: true;
  /** Who may call it (`loadBalancerSourceRanges`); absent: every address. */
  readonly sourceRanges?: readonly Cidr[];
}

/** Addresses with labels that Calico rules can select (NetworkSet, GlobalNetworkSet). */
export interface NetworkSet {
  readonly namespace?: string;
  readonly name: string;
  readonly labels: Labels;
  /** Prefixes of labels that it may have beyond `labels`: the input lacks its Namespace. Absent: none. */
  readonly openLabels?: readonly string[];
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

/** Who may enforce network policies in a cluster on AWS. */
export type Enforcer = 'calico' | 'vpc-cni';

/** A DNS cache on every node (NodeLocal DNSCache). */
export interface NodeDns {
  /** Its DaemonSet, as `namespace/name`. */
  readonly object: string;
  /** Where it answers (`-localip`): a link-local address, and often that of kube-dns. */
  readonly addresses: readonly Ip[];
}

/** The model under judgement: everything that synthesized files say about the network. */
export interface World {
  readonly namespaces: readonly Namespace[];
  readonly nodes: readonly NodeEndpoint[];
  readonly pods: readonly PodEndpoint[];
  readonly outside: readonly OutsideEndpoint[];
  /** Pods that ended, which a dump of a cluster still has; absent: none. */
  readonly finishedPods?: readonly FinishedPod[];
  /** How controllers select their pods; absent: no controller is written down. */
  readonly workloadSelectors?: readonly WorkloadSelector[];
  readonly services: readonly Service[];
  readonly tiers: readonly Tier[];
  readonly policies: readonly Policy[];
  readonly networkSets: readonly NetworkSet[];
  readonly hostEndpoints: readonly HostEndpoint[];
  /** What reads HTTP, and where it sends requests; absent: nothing was read. */
  readonly http?: HttpModel;
  /** NodeLocal DNSCache: the addresses that it has on every node; absent: the files have none. */
  readonly nodeDns?: NodeDns;
  /** The release of Calico whose rules were applied; absent: the files have nothing of Calico. */
  readonly calico?: CalicoMinor;
  /** Enforcers of policies that the files turn on; absent: they do not say. */
  readonly enforcers?: readonly Enforcer[];
  /** `internet` is every public address; absent: the one host of that name. */
  readonly isInternetEverything?: true;
  /** Objects with problems that were left out; absent: every object was read. */
  readonly leftOut?: readonly LeftOut[];
  /** Empty where no template was given: then only policies decide. */
  readonly vpcs: readonly Vpc[];
  /** DNS: `cluster.local` unless said otherwise. */
  readonly clusterDomain: string;
  /** Block of the Services' cluster addresses, as far as the files show. */
  readonly serviceCidr: Cidr;
  /** The same as a template or ServiceCIDR objects give it; absent: `serviceCidr` is derived. */
  readonly serviceBlocks?: readonly Cidr[];
}
