import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 40,
  outcomes: ['split requests by weight', 'route by header', 'eject endpoints that fail'],
  conclusion:
    'A Service balances connections and a mesh balances requests, because its proxy reads HTTP.',
  links: [
    {
      title: 'Traffic management, Istio',
      url: 'https://istio.io/latest/docs/concepts/traffic-management/',
    },
    {
      title: 'VirtualService, Istio',
      url: 'https://istio.io/latest/docs/reference/config/networking/virtual-service/',
    },
    {
      title: 'DestinationRule, Istio',
      url: 'https://istio.io/latest/docs/reference/config/networking/destination-rule/',
    },
    { title: 'Gateway API', url: 'https://gateway-api.sigs.k8s.io/' },
  ],
});
