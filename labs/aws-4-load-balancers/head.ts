import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 40,
  outcomes: [
    'determine whose address a pod sees',
    'write the policy that admits a load balancer',
    'choose target type and traffic policy',
  ],
  conclusion:
    'Whom a policy must admit depends on the address that the load balancer leaves on the packet.',
  links: [
    {
      title: 'Network Load Balancers, Amazon EKS',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/network-load-balancing.html',
    },
    {
      title: 'Preserving the client source IP, Kubernetes',
      url: 'https://kubernetes.io/docs/tasks/access-application-cluster/create-external-load-balancer/',
    },
    {
      title: 'Using source IP, Kubernetes',
      url: 'https://kubernetes.io/docs/tutorials/services/source-ip/',
    },
    {
      title: 'Target groups, Network Load Balancer',
      url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html',
    },
  ],
});
