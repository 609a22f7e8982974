import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 40,
  outcomes: [
    'choose among the types of Service',
    'find the pods behind a Service',
    'diagnose a Service that does not answer',
  ],
  conclusion:
    'A Service is a name, a virtual address and a list of ready pods, and it fails where one of the three is wrong.',
  links: [
    {
      title: 'Service, Kubernetes',
      url: 'https://kubernetes.io/docs/concepts/services-networking/service/',
    },
    {
      title: 'EndpointSlices, Kubernetes',
      url: 'https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/',
    },
    {
      title: 'Virtual IPs and service proxies, Kubernetes',
      url: 'https://kubernetes.io/docs/reference/networking/virtual-ips/',
    },
    {
      title: 'Debug Services, Kubernetes',
      url: 'https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/',
    },
  ],
});
