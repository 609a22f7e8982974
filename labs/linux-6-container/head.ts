import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 30,
  outcomes: [
    'list the namespaces of a process',
    'build a pod by hand with a pause process',
    'join a second container to its network',
  ],
  conclusion:
    'A pod is a set of processes that share network, host name and IPC namespaces; a waiting process keeps the namespaces open.',
  links: [
    { title: 'namespaces(7)', url: 'https://man7.org/linux/man-pages/man7/namespaces.7.html' },
    { title: 'unshare(1)', url: 'https://man7.org/linux/man-pages/man1/unshare.1.html' },
    { title: 'lsns(8)', url: 'https://man7.org/linux/man-pages/man8/lsns.8.html' },
    {
      title: 'Share process namespace, Kubernetes',
      url: 'https://kubernetes.io/docs/tasks/configure-pod-container/share-process-namespace/',
    },
    {
      title: 'User namespaces, Kubernetes',
      url: 'https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/',
    },
  ],
});
