import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { chart } from '../chart';
import { ClusterPolicy } from '../kinds/kyverno';
import type { LabStages } from '../stage';
import { namespaces, Workload } from '../workload';

const Team = chart((scope) => {
  namespaces(scope, 'team');
  // It says what it needs, or the lab's own policy would refuse its next pod.
  const resources = {
    cpu: { request: Cpu.millis(10) },
    memory: { request: Size.mebibytes(16), limit: Size.mebibytes(64) },
  };
  new Workload(scope, { name: 'web', namespace: 'team', port: 8080, resources });
});

/** Refuses a pod that does not say what it needs and what it may take. */
const RequestsAndLimits = chart((scope) => {
  new ClusterPolicy(scope, {
    name: 'require-requests-limits',
    spec: {
      background: true,
      rules: [
        {
          name: 'validate-resources',
          match: { any: [{ resources: { kinds: ['Pod'], namespaces: ['team*'] } }] },
          validate: {
            failureAction: 'Enforce',
            message: 'CPU and memory requests and a memory limit are required.',
            pattern: {
              spec: {
                containers: [
                  {
                    resources: {
                      requests: { memory: '?*', cpu: '?*' },
                      limits: { memory: '?*' },
                    },
                  },
                ],
              },
            },
          },
        },
      ],
    },
  });
});

/**
 * Namespaces that the policy leaves alone: those of the cluster's own parts, and the one in which
 * `lab check` tries whether policies are enforced at all. There two pods must talk before a denial
 * is tried.
 */
const LEFT_ALONE = ['kube-*', 'calico-*', 'tigera-*', 'kyverno', 'eks-network-labs-*'];

/** Every new namespace gets a default deny, and keeps it. */
const DenyEverywhere = chart((scope) => {
  new ClusterPolicy(scope, {
    name: 'add-network-policy',
    spec: {
      rules: [
        {
          name: 'default-deny',
          match: { any: [{ resources: { kinds: ['Namespace'] } }] },
          exclude: { any: [{ resources: { kinds: ['Namespace'], names: LEFT_ALONE } }] },
          generate: {
            apiVersion: 'networking.k8s.io/v1',
            kind: 'NetworkPolicy',
            name: 'default-deny',
            namespace: '{{request.object.metadata.name}}',
            synchronize: true,
            data: { spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] } },
          },
        },
      ],
    },
  });
});

/** Adds the label that every pod of a team needs. */
const TeamLabel = chart((scope) => {
  new ClusterPolicy(scope, {
    name: 'add-owner',
    spec: {
      rules: [
        {
          name: 'owner',
          match: { any: [{ resources: { kinds: ['Pod'], namespaces: ['team*'] } }] },
          mutate: {
            patchStrategicMerge: {
              metadata: { labels: { '+(owner)': '{{request.namespace}}' } },
            },
          },
        },
      ],
    },
  });
});

/** Only images that the team's key signed. The key is an example: no image here is signed with it. */
const SignedImages = chart((scope) => {
  new ClusterPolicy(scope, {
    name: 'signed-images',
    spec: {
      rules: [
        {
          name: 'team-key',
          match: { any: [{ resources: { kinds: ['Pod'], namespaces: ['team*'] } }] },
          verifyImages: [
            {
              imageReferences: ['registry.example.com/*'],
              failureAction: 'Enforce',
              attestors: [{ entries: [{ keys: { publicKeys: 'k8s://kyverno/team-cosign' } }] }],
            },
          ],
        },
      ],
    },
  });
});

export const stages = {
  open: [Team],
  validate: [Team, RequestsAndLimits],
  generate: [Team, RequestsAndLimits, DenyEverywhere],
  mutate: [Team, RequestsAndLimits, DenyEverywhere, TeamLabel],
  images: [Team, RequestsAndLimits, DenyEverywhere, TeamLabel, SignedImages],
} satisfies LabStages;
