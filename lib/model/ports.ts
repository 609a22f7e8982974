import type { PortRange } from './policy';

/**
 * Ports that Linux gives to its own connections (ip-sysctl: `net.ipv4.ip_local_port_range`). Replies
 * to a pod or a node go to one of them.
 */
export const EPHEMERAL_PORTS: PortRange = { first: 32_768, last: 60_999 };

/**
 * Ports of a client that translates addresses or is not known: NAT gateways and load balancers (VPC
 * user guide, "Ephemeral ports"), the EKS control plane, the internet, and nodes that hide their pods,
 * since the VPC CNI asks for random ports (`AWS_VPC_K8S_CNI_RANDOMIZESNAT`) and the kernel then takes
 * any unprivileged one (nf_nat_core: above 1023 for a port that was).
 */
export const UNPRIVILEGED_PORTS: PortRange = { first: 1024, last: 65_535 };

/**
 * Ports of a machine whose system the template does not tell: Linux takes 32768 to 60999, Windows 49152
 * to 65535 (VPC user guide, "Ephemeral ports").
 */
export const MACHINE_PORTS: PortRange = { first: 32_768, last: 65_535 };
