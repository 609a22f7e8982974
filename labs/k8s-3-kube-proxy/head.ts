import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 35,
  outcomes: [
    'read the rules behind a Service',
    'predict the share of each endpoint',
    'compare iptables, nftables, IPVS and eBPF',
  ],
  conclusion:
    'kube-proxy writes rules and forwards nothing: the kernel picks an endpoint for the first packet, and connection tracking keeps the choice.',
  links: [
    {
      title: 'Virtual IPs and service proxies, Kubernetes',
      url: 'https://kubernetes.io/docs/reference/networking/virtual-ips/',
    },
    {
      title: 'kube-proxy reference',
      url: 'https://kubernetes.io/docs/reference/command-line-tools-reference/kube-proxy/',
    },
    { title: 'nft(8)', url: 'https://www.netfilter.org/projects/nftables/manpage.html' },
    {
      title: 'kube-proxy replacement, Cilium',
      url: 'https://docs.cilium.io/en/stable/network/kubernetes/kubeproxy-free/',
    },
  ],
});
