import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 35,
  outcomes: [
    'connect workloads of two clusters',
    'write policies by address where labels end',
    'refuse overlapping address blocks',
  ],
  conclusion:
    'Between clusters only addresses cross: routes, groups, names and policies must be built again in both.',
  links: [
    {
      title: 'VPC peering',
      url: 'https://docs.aws.amazon.com/vpc/latest/peering/what-is-vpc-peering.html',
    },
    {
      title: 'Services without selectors, Kubernetes',
      url: 'https://kubernetes.io/docs/concepts/services-networking/service/',
    },
    {
      title: 'Multicluster Services API',
      url: 'https://multicluster.sigs.k8s.io/concepts/multicluster-services-api/',
    },
    {
      title: 'Security group rules, Amazon VPC',
      url: 'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
    },
  ],
});
