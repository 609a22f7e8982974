import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 30,
  outcomes: [
    'plan a rollout with evidence for each stage',
    'report the stage of every namespace',
    'enforce one namespace after the other',
  ],
  conclusion:
    'A namespace moves on when its evidence is there, and the matrix after each move is that evidence.',
  links: [
    {
      title: 'Zero Trust Architecture, NIST SP 800-207',
      url: 'https://csrc.nist.gov/pubs/sp/800/207/final',
    },
    {
      title: 'Staged network policies, Calico',
      url: 'https://docs.tigera.io/calico/latest/network-policy/staged-network-policies',
    },
    {
      title: 'Security best practices, Amazon EKS',
      url: 'https://docs.aws.amazon.com/eks/latest/best-practices/network-security.html',
    },
  ],
});
