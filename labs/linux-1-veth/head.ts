import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 25,
  outcomes: [
    'create network namespaces and look inside them',
    'connect two namespaces by a veth pair and addresses',
    'explain why a new namespace reaches nothing',
  ],
  conclusion:
    'A network namespace is an empty network stack, and a veth pair is the cable that gives it a neighbour.',
  links: [
    {
      title: 'network_namespaces(7)',
      url: 'https://man7.org/linux/man-pages/man7/network_namespaces.7.html',
    },
    { title: 'ip-netns(8)', url: 'https://man7.org/linux/man-pages/man8/ip-netns.8.html' },
    { title: 'veth(4)', url: 'https://man7.org/linux/man-pages/man4/veth.4.html' },
    {
      title: 'Cluster networking, Kubernetes',
      url: 'https://kubernetes.io/docs/concepts/cluster-administration/networking/',
    },
  ],
});
