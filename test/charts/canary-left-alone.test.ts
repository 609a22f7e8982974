import { stagesOf, synthesizeStage } from '../../charts';
import { CANARY_NAMESPACE } from '../../lib/targets/cluster/canary';
import { objectsOf } from '../../lib/targets/cluster/cluster';

interface Rule {
  readonly generate?: object;
  readonly exclude?: {
    readonly any: readonly { readonly resources: { readonly names?: readonly string[] } }[];
  };
}

// `lab check` tries two pods without any policy first: a policy generated for their namespace would
// make every later answer `no-connection`.
test.each(stagesOf('gov-1-kyverno'))(
  'gov-1-kyverno %s generates nothing for the canary',
  (stage) => {
    const policies = objectsOf(synthesizeStage('gov-1-kyverno', stage, 'alone')).filter(
      ({ kind }) => kind === 'ClusterPolicy',
    );
    const rules = policies.flatMap(
      (policy) => (policy as { spec?: { rules: readonly Rule[] } }).spec?.rules ?? [],
    );
    for (const { exclude } of rules.filter(({ generate }) => generate !== undefined)) {
      const names = exclude?.any.flatMap(({ resources }) => resources.names ?? []) ?? [];
      // Kyverno's wildcard: `*` stands for any characters.
      const matches = names.some((name) =>
        new RegExp(`^${name.replaceAll('*', '.*')}$`).test(CANARY_NAMESPACE),
      );
      expect(matches).toBe(true);
    }
  },
);
