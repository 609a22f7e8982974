/**
 * How packets travel between pods of different nodes, where no VPC carries them: routed like the VPC
 * CNI's, in VXLAN as Felix or flannel build it, or from node to node as neighbours on one segment
 * (flannel's `host-gw`, Calico's pools without a tunnel).
 */
export type Datapath = 'vpc-cni' | 'calico-vxlan' | 'flannel-vxlan' | 'host-gw';
