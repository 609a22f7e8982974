import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 50,
  outcomes: [
    'route HTTP by host, path, header and weight',
    'write the same routes in both APIs',
    'name the component that implements each',
  ],
  conclusion:
    'An Ingress or a route describes what a proxy should do with a request; a controller has to be there to do it.',
  links: [
    {
      title: 'Ingress, Kubernetes',
      url: 'https://kubernetes.io/docs/concepts/services-networking/ingress/',
    },
    { title: 'Gateway API', url: 'https://gateway-api.sigs.k8s.io/' },
    {
      title: 'Application Load Balancers, Amazon EKS',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/alb-ingress.html',
    },
    {
      title: 'AWS Load Balancer Controller',
      url: 'https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/',
    },
  ],
});
