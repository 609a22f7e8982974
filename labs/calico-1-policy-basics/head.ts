import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 40,
  outcomes: [
    'read Calico policies and their selectors',
    'find three reasons why a policy set fails',
    'repair each of them',
  ],
  conclusion:
    'A Calico rule names its peer inside the namespace of the policy unless a namespaceSelector says otherwise.',
  links: [
    {
      title: 'Get started with Calico network policy',
      url: 'https://docs.tigera.io/calico/latest/network-policy/get-started/calico-policy/calico-network-policy',
    },
    {
      title: 'NetworkPolicy resource, Calico',
      url: 'https://docs.tigera.io/calico/latest/reference/resources/networkpolicy',
    },
    {
      title: 'Default deny, Calico',
      url: 'https://docs.tigera.io/calico/latest/network-policy/get-started/kubernetes-default-deny',
    },
    {
      title: 'DNS for Services and Pods, Kubernetes',
      url: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/',
    },
  ],
});
