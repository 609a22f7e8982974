import { compilePolicies } from '../../../lib/dataplane/nft/policies';
import type { NodePlacement, World } from '../../../lib/model/world';
import { policy } from '../../build/model';
import { vpcWorld } from '../../build/peered-vpcs';

const deny = policy('lab/deny', { subject: { kind: 'all' }, ingress: [], egress: [] });

/** The devices of node `a` whose packets are sent to a policy's chain. */
function judgedOn(world: World, direction: 'ingress' | 'egress'): readonly string[] {
  const node = world.nodes.find(({ name }) => name === 'a');
  if (node === undefined) throw new Error('the world has no node a');
  const options = { staged: 'as-written', bridge: undefined, tunnelPort: undefined } as const;
  const { sets } = compilePolicies(world, options)(node);
  const map = sets.find(({ name }) => name === `pods-${direction}`);
  return (map?.elements ?? []).map((element) => element.replace(/ : .*/, ''));
}

const withMode = (podSecurityGroups: NodePlacement['podSecurityGroups']): World => ({
  ...vpcWorld,
  policies: [deny],
  nodes: vpcWorld.nodes.map((node) => ({
    ...node,
    ...(node.placement && { placement: { ...node.placement, podSecurityGroups } }),
  })),
});

// EKS user guide, "Security groups for Pods": in strict mode only the security groups apply.
test.each(['ingress', 'egress'] as const)(
  'strict branch pods are judged by no policy, %s; in standard mode they are',
  (direction) => {
    expect(judgedOn(withMode('strict'), direction)).toHaveLength(2);
    expect(judgedOn(withMode('standard'), direction)).toHaveLength(4);
  },
);
