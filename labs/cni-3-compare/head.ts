import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 45,
  outcomes: [
    'build the routed and the VXLAN data path',
    'measure their headers and MTU',
    'choose a network plugin for a cluster',
  ],
  conclusion:
    'Plugins differ in how a packet crosses between nodes: routed without overhead, or in a tunnel that costs header bytes.',
  links: [
    { title: 'VXLAN, RFC 7348', url: 'https://www.rfc-editor.org/rfc/rfc7348' },
    {
      title: 'Overlay networking, Calico',
      url: 'https://docs.tigera.io/calico/latest/networking/configuring/vxlan-ipip',
    },
    {
      title: 'Flannel backends',
      url: 'https://github.com/flannel-io/flannel/blob/master/Documentation/backends.md',
    },
    { title: 'Routing, Cilium', url: 'https://docs.cilium.io/en/stable/network/concepts/routing/' },
    { title: 'kind, configuration', url: 'https://kind.sigs.k8s.io/docs/user/configuration/' },
  ],
});
