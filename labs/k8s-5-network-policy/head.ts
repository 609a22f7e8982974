import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 45,
  outcomes: [
    'isolate a namespace',
    'write policies for exactly the needed connections',
    'verify both directions with packets',
  ],
  conclusion:
    'Policies only add permissions: isolate first, then allow the egress of the caller and the ingress of the target.',
  links: [
    {
      title: 'Network policies, Kubernetes',
      url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
    },
    {
      title: 'Declare network policy, Kubernetes',
      url: 'https://kubernetes.io/docs/tasks/administer-cluster/declare-network-policy/',
    },
    {
      title: 'NetworkPolicy API reference',
      url: 'https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/',
    },
    {
      title: 'Network policies for pods, Amazon EKS',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html',
    },
  ],
});
