import { stagesOf, synthesizeStage } from '../../../charts';
import { labs } from '../../../labs';
import { objectsOf } from '../../../lib/targets/cluster/cluster';
import { forEks } from '../../../lib/targets/cluster/eks-objects';

const ids = {
  groups: new Map([
    ['NetworkSecurityGroupsloadbalancers1A2B3C4D', 'sg-balancers'],
    ['NetworkSecurityGroupspodswebBB9A55A6', 'sg-web'],
    ['NetworkSecurityGroupspodsdbECD52C21', 'sg-db'],
  ]),
};
// biome-ignore lint/suspicious/noExplicitAny: objects of any kind, judged by the tests
type AnyObject = any;
const stage = (lab: string, name: string): readonly AnyObject[] =>
  forEks(objectsOf(synthesizeStage(lab, name, 'alone')), ids);
const kind = (objects: readonly AnyObject[], wanted: string) =>
  objects.filter((object) => object.kind === wanted);

const everyStage = labs
  .filter(({ targets }) => targets.includes('kind') || targets.includes('eks'))
  .flatMap(({ id }) => stagesOf(id).map((name) => ({ id, name })));

/** Containers of the pods that a Service of the stage selects. */
const behind = (objects: readonly AnyObject[], service: AnyObject) =>
  kind(objects, 'Deployment')
    .filter(({ metadata }) => metadata.namespace === service.metadata.namespace)
    .filter(({ spec }) =>
      Object.entries(service.spec.selector ?? {}).every(
        ([key, value]) => spec.template.metadata.labels[key] === value,
      ),
    )
    .flatMap(({ spec }) => spec.template.spec.containers);

test.each(everyStage)(
  '$id $name: nothing opens a load balancer to every address',
  ({ id, name }) => {
    const written = objectsOf(synthesizeStage(id, name, 'alone')) as readonly AnyObject[];
    for (const service of kind(written, 'Service')) {
      if (service.spec.type !== 'LoadBalancer') continue;
      const scheme =
        service.metadata.annotations?.['service.beta.kubernetes.io/aws-load-balancer-scheme'];
      if (scheme === 'internal') continue;
      // As written, for whoever applies it with kubectl: an example's block, which nobody has.
      expect(service.spec.loadBalancerSourceRanges).toEqual(['203.0.113.0/24']);
      for (const { args } of behind(written, service)) expect(args[0]).toBe('serve-hostname');
    }
    for (const { metadata, spec } of kind(stage(id, name), 'Service')) {
      if (spec.type !== 'LoadBalancer') continue;
      expect(metadata.annotations).toMatchObject({
        'service.beta.kubernetes.io/aws-load-balancer-security-groups': 'sg-balancers',
      });
    }
    const schemes = kind(written, 'Ingress').map(
      ({ metadata }) => metadata.annotations?.['alb.ingress.kubernetes.io/scheme'],
    );
    expect(schemes.filter((scheme) => scheme !== 'internal')).toEqual([]);
  },
);

test('an Ingress without a certificate listens for HTTP, or the controller makes no balancer', () => {
  const [ingress] = kind(stage('k8s-6-ingress', 'ingress'), 'Ingress');
  expect(ingress.spec.tls).toBeUndefined();
  expect(ingress.metadata.annotations).toMatchObject({
    'alb.ingress.kubernetes.io/listen-ports': '[{"HTTP": 80}]',
    'alb.ingress.kubernetes.io/security-groups': 'sg-balancers',
  });
});

describe('security groups for pods', () => {
  test('policies name the groups by their ids', () => {
    const policies = kind(stage('aws-3-vpc-cni', 'pod-groups'), 'SecurityGroupPolicy');
    expect(policies.map(({ spec }) => spec.securityGroups.groupIds)).toEqual([
      ['sg-web'],
      ['sg-db'],
    ]);
  });

  test('workloads are rolled out again where the policies change, and only there', () => {
    const templates = (name: string) =>
      kind(stage('aws-3-vpc-cni', name), 'Deployment').map(({ spec }) => spec.template);
    expect(templates('pod-groups')).not.toEqual(templates('node-group'));
    expect(templates('pod-groups')).toEqual(templates('pod-groups'));
  });

  test('a stack without the group is refused with its name', () => {
    const objects = objectsOf(synthesizeStage('aws-3-vpc-cni', 'pod-groups', 'alone'));
    expect(() => forEks(objects, { groups: new Map() })).toThrow('NetworkSecurityGroupspodsweb');
  });
});
