import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 150,
  outcomes: [
    'write a CNI plugin in a language of your choice',
    'connect pods by it under twenty calls at once',
    'explain what a runtime expects of each command',
  ],
  conclusion:
    'A CNI plugin is some sixty lines that connect a namespace, and as many that survive repetition, damage, crashes and crowds.',
  links: [
    { title: 'CNI specification', url: 'https://www.cni.dev/docs/spec/' },
    { title: 'Plugin conventions, CNI', url: 'https://www.cni.dev/docs/conventions/' },
    {
      title: 'Network plugins, Kubernetes',
      url: 'https://kubernetes.io/docs/concepts/extend-kubernetes/compute-storage-net/network-plugins/',
    },
    { title: 'flock(1)', url: 'https://man7.org/linux/man-pages/man1/flock.1.html' },
    { title: 'ip-netns(8)', url: 'https://man7.org/linux/man-pages/man8/ip-netns.8.html' },
  ],
});
