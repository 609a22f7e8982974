import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 40,
  outcomes: [
    'connect a pod by hand as a plugin does',
    'call a CNI plugin as a runtime does',
    'detect and remove a damaged connection',
  ],
  conclusion:
    'A CNI plugin is a program that receives a namespace and answers with addresses; everything else is the runtime.',
  links: [
    { title: 'CNI specification', url: 'https://www.cni.dev/docs/spec/' },
    {
      title: 'Network plugins, Kubernetes',
      url: 'https://kubernetes.io/docs/concepts/extend-kubernetes/compute-storage-net/network-plugins/',
    },
    { title: 'ptp plugin', url: 'https://www.cni.dev/plugins/current/main/ptp/' },
    { title: 'ip-route(8)', url: 'https://man7.org/linux/man-pages/man8/ip-route.8.html' },
  ],
});
