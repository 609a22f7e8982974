/** Constructs for any CDK app: a VPC with complete filters, and an EKS cluster in it. */
export { Calico, type CalicoProps } from '../cloud/addons/calico';
export { LabCluster, type LabClusterProps } from '../cloud/cluster/lab-cluster';
export type { NodeShape } from '../cloud/cluster/node-group';
export type { NatMode } from '../cloud/config/config';
export { DEFAULT_ENVIRONMENT, type Environment } from '../cloud/config/environments';
export { DEFAULT_KUBERNETES, KUBERNETES_RELEASES, releaseOf } from '../cloud/config/versions';
export { LabNetwork, type LabNetworkProps } from '../cloud/network/lab-network';
export { LabVpc, type LabVpcProps } from '../cloud/network/lab-vpc';
export { SubnetAcl, type SubnetAclProps } from '../cloud/network/subnet-acl';
export { TRAFFIC, type TrafficRow } from '../cloud/network/traffic';
