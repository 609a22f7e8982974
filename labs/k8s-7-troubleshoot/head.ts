import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 30,
  outcomes: [
    'find one fault by asking in a fixed order',
    'read the kind of failure',
    'repair without opening more than needed',
  ],
  conclusion:
    'Name, endpoints, pod, kind of failure, direction: each question halves what is left.',
  links: [
    {
      title: 'Debug Services, Kubernetes',
      url: 'https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/',
    },
    {
      title: 'Debug running pods, Kubernetes',
      url: 'https://kubernetes.io/docs/tasks/debug/debug-application/debug-running-pod/',
    },
    {
      title: 'Debugging DNS resolution, Kubernetes',
      url: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/',
    },
    {
      title: 'Network policies, Kubernetes',
      url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
    },
  ],
});
