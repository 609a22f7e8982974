import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 20,
  outcomes: [
    'trace a packet between pods on one node and on two',
    'prove that no address is translated',
    'list the hops of a path in order',
  ],
  conclusion: 'Every pod has an address of its own that every other pod sees unchanged.',
  links: [
    {
      title: 'Services, load balancing and networking, Kubernetes',
      url: 'https://kubernetes.io/docs/concepts/services-networking/',
    },
    {
      title: 'Cluster networking, Kubernetes',
      url: 'https://kubernetes.io/docs/concepts/cluster-administration/networking/',
    },
    {
      title: 'Amazon VPC CNI',
      url: 'https://docs.aws.amazon.com/eks/latest/best-practices/vpc-cni.html',
    },
  ],
});
