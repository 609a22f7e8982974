import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 40,
  outcomes: [
    'name what each part of Calico does on a node',
    'change how packets travel between nodes',
    'read pools, blocks and peers',
  ],
  conclusion:
    'Felix writes a node into the kernel, BIRD tells the other nodes, and the IPPool decides whether a packet is wrapped.',
  links: [
    {
      title: 'Component architecture, Calico',
      url: 'https://docs.tigera.io/calico/latest/reference/architecture/overview',
    },
    {
      title: 'Overlay networking, Calico',
      url: 'https://docs.tigera.io/calico/latest/networking/configuring/vxlan-ipip',
    },
    {
      title: 'Configure BGP peering, Calico',
      url: 'https://docs.tigera.io/calico/latest/networking/configuring/bgp',
    },
    {
      title: 'calicoctl user reference',
      url: 'https://docs.tigera.io/calico/latest/reference/calicoctl/overview',
    },
    {
      title: 'Encrypt in-cluster traffic, Calico',
      url: 'https://docs.tigera.io/calico/latest/network-policy/encrypt-cluster-pod-traffic',
    },
  ],
});
