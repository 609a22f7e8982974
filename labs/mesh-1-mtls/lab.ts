import type { StageOf } from '../../charts';
import { defineLab } from '../../lib/lab/format';
import { allowed, asks, choose, stage } from '../../lib/lab/words';
import head from './head';

export default defineLab<StageOf<'mesh-1-mtls'>>({
  id: 'mesh-1-mtls',
  level: 5,
  title: 'Mutual TLS in a service mesh',
  goal: 'Encrypt and authenticate every call between workloads, refuse plaintext, and allow by identity.',
  head,
  prerequisites: ['k8s-2-services', 'k8s-5-network-policy'],
  targets: ['kind', 'eks'],
  cost: 'cluster',
  localLimits:
    'no sidecar runs on this machine, so traffic is not encrypted and plaintext is not refused: the objects are synthesized and checked, the flows below HTTP predicted; the rest is tried on kind and EKS with Istio.',
  environment: { kind: 'cluster', home: 'mesh' },
  stages: [
    {
      name: 'permissive',
      about: 'Sidecars accept mutual TLS and plaintext.',
      keeps: ['web -> api:8080', 'legacy/plain -> api:8080'],
      closes: [],
    },
    {
      name: 'strict',
      about: 'Sidecars accept mutual TLS only.',
      keeps: ['web -> api:8080'],
      closes: [],
    },
    {
      name: 'authorized',
      about: 'Only the identity of `mesh` may read one path of api.',
      keeps: ['web -> api:8080'],
      closes: [],
    },
  ],
  start: 'permissive',
  steps: [
    {
      id: 'strict',
      task: 'Refuse plaintext in the namespace `mesh`.',
      checks: [
        {
          kind: 'http',
          from: 'legacy/plain',
          url: 'http://api.mesh:8080/hostname',
          expect: { kind: 'refused' },
          because: 'a client without a certificate is turned away by the sidecar',
        },
        {
          kind: 'http',
          from: 'web',
          url: 'http://api:8080/hostname',
          expect: { kind: 'answered', status: 200, by: 'api' },
          because: 'the application says http, its sidecar speaks mutual TLS',
        },
        asks(
          choose(
            {
              id: 'refused-how',
              ask: 'What does the plaintext client see?',
              because:
                'The connection opens, because the network lets it; the sidecar then closes it. At the level of packets this is no denial, so a policy’s matrix shows the flow as allowed.',
            },
            'the connection opens and is reset',
            ['a time-out', 'no packet is dropped on the way: the handshake of TCP is answered'],
            ['a certificate warning', 'who speaks plaintext is shown no certificate'],
          ),
        ),
      ],
      hints: [
        'PeerAuthentication named `default` in the namespace, mode STRICT.',
        '`istioctl x describe pod <pod>` says what a pod accepts.',
      ],
      solution: stage('strict'),
      because:
        'Both sides prove who they are with a certificate that names their service account; it is renewed every day, and no application knows.',
    },
    {
      id: 'authorize',
      task: 'Let only workloads of `mesh` read `/hostname` of api, and nothing else of it.',
      checks: [
        {
          kind: 'http',
          from: 'web',
          url: 'http://api:8080/hostname',
          expect: { kind: 'answered', status: 200, by: 'api' },
          because: 'the identity and the path are in the rule',
        },
        {
          kind: 'http',
          from: 'web',
          url: 'http://api:8080/shell',
          expect: { kind: 'answered', status: 403 },
          because: 'the same identity, another path: an HTTP answer, not a lost packet',
        },
        allowed('web', 'api:8080', 'for the network it is one connection on one port'),
      ],
      hints: [
        'An AuthorizationPolicy without rules denies everything: begin with it.',
        'The principal is `cluster.local/ns/<namespace>/sa/<account>`.',
      ],
      solution: stage('authorized'),
      because:
        'NetworkPolicy knows addresses and ports, the mesh knows identities and paths. Use both: who goes round the sidecar still meets the network.',
    },
  ],
  questions: [
    choose(
      {
        id: 'network-still',
        ask: 'All traffic is mutual TLS. Is NetworkPolicy still needed?',
        because:
          'The sidecar guards what passes it. A compromised pod may send packets that never do (another port, UDP), and the sidecar itself is a process in that pod.',
      },
      'yes',
      ['no', 'what does not pass the sidecar is not guarded by it: think of UDP'],
      ['only outside the mesh', 'a pod of the mesh can send packets past its own sidecar'],
    ),
    choose(
      {
        id: 'components',
        ask: 'Older texts list Pilot, Citadel and Galley as the control plane. What runs today?',
        because: 'They were merged into one process, istiod, in Istio 1.5.',
      },
      'istiod',
      ['the three of them', 'they are no longer three processes since Istio 1.5'],
      ['Envoy', 'that is the proxy, which is the data plane'],
    ),
    choose(
      {
        id: 'linkerd',
        ask: 'You want mutual TLS and little else, with the least to run. Which is the lightest of Istio, Linkerd and a mesh of plain Envoys?',
        because:
          'Linkerd’s proxy is small and its features few. Envoy is a proxy, not a mesh. Istio does most and costs most (its ambient mode needs no sidecars).',
      },
      'Linkerd',
      ['Istio', 'it does the most of the three, and asks the most for it'],
      ['Envoy', 'it is a proxy that meshes are built with'],
    ),
  ],
});
