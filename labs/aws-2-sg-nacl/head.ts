import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 45,
  outcomes: [
    'identify which filter answered',
    'write network ACL lines for both directions',
    'predict which filters a packet meets',
  ],
  conclusion:
    'A security group remembers connections and a network ACL does not; a packet meets an ACL only where it changes subnet.',
  links: [
    {
      title: 'Security groups, Amazon VPC',
      url: 'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html',
    },
    {
      title: 'Network ACLs, Amazon VPC',
      url: 'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html',
    },
    {
      title: 'Security group requirements, Amazon EKS',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html',
    },
    {
      title: 'Network policies, Kubernetes',
      url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
    },
  ],
});
