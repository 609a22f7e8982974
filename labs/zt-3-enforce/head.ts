import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 45,
  outcomes: [
    'enforce a default deny',
    'admit system and application traffic layer by layer',
    'roll back to the previous stage',
  ],
  conclusion:
    'A default deny is safe where every needed flow has a rule before the deny is enforced.',
  links: [
    {
      title: 'Network policies, Kubernetes',
      url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
    },
    {
      title: 'Default deny, Calico',
      url: 'https://docs.tigera.io/calico/latest/network-policy/get-started/kubernetes-default-deny',
    },
    {
      title: 'Zero Trust Architecture, NIST SP 800-207',
      url: 'https://csrc.nist.gov/pubs/sp/800/207/final',
    },
    {
      title: 'Security best practices, Amazon EKS',
      url: 'https://docs.aws.amazon.com/eks/latest/best-practices/network-security.html',
    },
  ],
});
