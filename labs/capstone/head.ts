import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 90,
  outcomes: [
    'design the network of an application from its requirements',
    'stage and verify each layer',
    'document the decisions',
  ],
  conclusion:
    'A network is done when the matrix equals the requirements and no rule can be removed.',
  links: [
    {
      title: 'Network policies, Kubernetes',
      url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
    },
    {
      title: 'Ingress, Kubernetes',
      url: 'https://kubernetes.io/docs/concepts/services-networking/ingress/',
    },
    {
      title: 'Security best practices, Amazon EKS',
      url: 'https://docs.aws.amazon.com/eks/latest/best-practices/network-security.html',
    },
    {
      title: 'AWS Well-Architected Framework',
      url: 'https://docs.aws.amazon.com/wellarchitected/latest/framework/welcome.html',
    },
  ],
});
