import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 35,
  outcomes: [
    'follow a pod to its namespace and its veth',
    'call the plugin in place of containerd',
    'name what each part of a node does',
  ],
  conclusion:
    'Each arrow from kubectl to a network device is an interface of its own: the API, CRI, CNI and OCI.',
  links: [
    {
      title: 'Container Runtime Interface, Kubernetes',
      url: 'https://kubernetes.io/docs/concepts/containers/cri/',
    },
    {
      title: 'Debugging nodes with crictl, Kubernetes',
      url: 'https://kubernetes.io/docs/tasks/debug/debug-cluster/crictl/',
    },
    {
      title: 'containerd, CRI plugin',
      url: 'https://github.com/containerd/containerd/blob/main/docs/cri/architecture.md',
    },
    { title: 'nsenter(1)', url: 'https://man7.org/linux/man-pages/man1/nsenter.1.html' },
  ],
});
