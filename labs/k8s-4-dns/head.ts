import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 40,
  outcomes: [
    'predict what a name resolves to from a pod',
    'separate a DNS failure from a closed path',
    'write the policy that admits DNS',
  ],
  conclusion:
    'A connection by name needs two paths, one to the DNS and one to the address, and each can be closed alone.',
  links: [
    {
      title: 'DNS for Services and Pods, Kubernetes',
      url: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/',
    },
    {
      title: 'Debugging DNS resolution, Kubernetes',
      url: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/',
    },
    {
      title: 'Customizing DNS service, Kubernetes',
      url: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-custom-nameservers/',
    },
    { title: 'CoreDNS, kubernetes plugin', url: 'https://coredns.io/plugins/kubernetes/' },
    { title: 'resolv.conf(5)', url: 'https://man7.org/linux/man-pages/man5/resolv.conf.5.html' },
  ],
});
