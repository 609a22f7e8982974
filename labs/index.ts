import type { Lab } from '../lib/lab/format';
import aws1Vpc from './aws-1-vpc/lab';
import aws2SgNacl from './aws-2-sg-nacl/lab';
import aws3VpcCni from './aws-3-vpc-cni/lab';
import aws4LoadBalancers from './aws-4-load-balancers/lab';
import aws5Path from './aws-5-path/lab';
import calico1PolicyBasics from './calico-1-policy-basics/lab';
import calico2Order from './calico-2-order/lab';
import calico3Platform from './calico-3-platform/lab';
import capstone from './capstone/lab';
import cni1Plugin from './cni-1-plugin/lab';
import cni2Ipam from './cni-2-ipam/lab';
import cni3Compare from './cni-3-compare/lab';
import cni4Anatomy from './cni-4-anatomy/lab';
import cni5YourPlugin from './cni-5-your-plugin/lab';
import gov1Kyverno from './gov-1-kyverno/lab';
import k8s1Pods from './k8s-1-pods/lab';
import k8s2Services from './k8s-2-services/lab';
import k8s3KubeProxy from './k8s-3-kube-proxy/lab';
import k8s4Dns from './k8s-4-dns/lab';
import k8s5NetworkPolicy from './k8s-5-network-policy/lab';
import k8s6Ingress from './k8s-6-ingress/lab';
import k8s7Troubleshoot from './k8s-7-troubleshoot/lab';
import linux1Veth from './linux-1-veth/lab';
import linux2Bridge from './linux-2-bridge/lab';
import linux3Nat from './linux-3-nat/lab';
import linux4Firewall from './linux-4-firewall/lab';
import linux5Capture from './linux-5-capture/lab';
import linux6Container from './linux-6-container/lab';
import linux7Drivers from './linux-7-drivers/lab';
import mc1TwoClusters from './mc-1-two-clusters/lab';
import mesh1Mtls from './mesh-1-mtls/lab';
import mesh2Canary from './mesh-2-canary/lab';
import obs1Observe from './obs-1-observe/lab';
import zt1Map from './zt-1-map/lab';
import zt2Audit from './zt-2-audit/lab';
import zt3Enforce from './zt-3-enforce/lab';
import zt4Egress from './zt-4-egress/lab';
import zt5Rollout from './zt-5-rollout/lab';

/** Every lab, in the order of the curriculum. */
export const labs: readonly Lab<string>[] = [
  linux1Veth,
  linux2Bridge,
  linux3Nat,
  linux4Firewall,
  linux5Capture,
  linux6Container,
  linux7Drivers,
  cni1Plugin,
  cni2Ipam,
  cni3Compare,
  cni4Anatomy,
  cni5YourPlugin,
  k8s1Pods,
  k8s2Services,
  k8s3KubeProxy,
  k8s4Dns,
  k8s5NetworkPolicy,
  k8s6Ingress,
  k8s7Troubleshoot,
  aws1Vpc,
  aws2SgNacl,
  aws3VpcCni,
  aws4LoadBalancers,
  aws5Path,
  calico1PolicyBasics,
  calico2Order,
  calico3Platform,
  zt1Map,
  zt2Audit,
  zt3Enforce,
  zt4Egress,
  zt5Rollout,
  gov1Kyverno,
  mesh1Mtls,
  mesh2Canary,
  obs1Observe,
  mc1TwoClusters,
  capstone,
];
