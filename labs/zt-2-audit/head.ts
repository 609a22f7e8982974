import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 30,
  outcomes: [
    'stage a policy without enforcing it',
    'read the denials it would cause',
    'refine it until no needed flow is denied',
  ],
  conclusion:
    'A staged policy is judged and not enforced, so its mistakes are lines in a log and not an outage.',
  links: [
    {
      title: 'Staged network policies, Calico',
      url: 'https://docs.tigera.io/calico/latest/network-policy/staged-network-policies',
    },
    {
      title: 'StagedNetworkPolicy resource, Calico',
      url: 'https://docs.tigera.io/calico/latest/reference/resources/stagednetworkpolicy',
    },
    { title: 'Flow logs, Calico', url: 'https://docs.tigera.io/calico/latest/observability/' },
    {
      title: 'Network policies, Kubernetes',
      url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
    },
  ],
});
