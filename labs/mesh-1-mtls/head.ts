import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 45,
  outcomes: [
    'require mutual TLS between workloads',
    'refuse plaintext callers',
    'authorize by identity',
  ],
  conclusion:
    'A mesh identifies a workload by its certificate, and a network policy still decides which packets arrive.',
  links: [
    { title: 'Security, Istio', url: 'https://istio.io/latest/docs/concepts/security/' },
    {
      title: 'PeerAuthentication, Istio',
      url: 'https://istio.io/latest/docs/reference/config/security/peer_authentication/',
    },
    {
      title: 'AuthorizationPolicy, Istio',
      url: 'https://istio.io/latest/docs/reference/config/security/authorization-policy/',
    },
    {
      title: 'Mutual TLS migration, Istio',
      url: 'https://istio.io/latest/docs/tasks/security/authentication/mtls-migration/',
    },
  ],
});
