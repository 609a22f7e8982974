import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 35,
  outcomes: [
    'trace an address from pool to block to pod',
    'prove that no address is given twice, and release leaked ones',
    'request an address, exclude one and move a pool',
  ],
  conclusion:
    'Addresses are handed out in two steps, a block to a node and an address to a pod, so that a node can decide alone.',
  links: [
    {
      title: 'host-local IPAM plugin',
      url: 'https://www.cni.dev/plugins/current/ipam/host-local/',
    },
    { title: 'CNI specification', url: 'https://www.cni.dev/docs/spec/' },
    {
      title: 'IP address management, Calico',
      url: 'https://docs.tigera.io/calico/latest/networking/ipam/get-started-ip-addresses',
    },
    {
      title: 'Amazon VPC CNI',
      url: 'https://docs.aws.amazon.com/eks/latest/best-practices/vpc-cni.html',
    },
  ],
});
