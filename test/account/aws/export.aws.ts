import type { Aws } from '../../../lib/account/aws';
import { exportVpcs } from '../../../lib/account/export/export';
import { formatEnd } from '../../../lib/model/flow';
import type { Vpc } from '../../../lib/model/vpc';
import type { World } from '../../../lib/model/world';
import { createEngine } from '../../../lib/reach/engine';
import { readWorld } from '../../../lib/read/world';
import { machineWorld } from '../../build/machines';
import { describeUnless } from '../../skip';
import { buildVpc } from './build-vpc';
import { type Moto, startMoto, testAws } from './moto';

const withMoto = describeUnless(process.env.NO_MOTO);

/** Verdicts of every machine and the internet to every machine, on the ports that groups speak of. */
function verdicts(world: World): Readonly<Record<string, string>> {
  const engine = createEngine(world, { staged: 'as-written' });
  const machines = world.vpcs
    .flatMap(({ interfaces }) => interfaces)
    .filter(({ owner }) => owner.kind === 'resource')
    .map(({ id }) => ({ kind: 'eni', name: id }) as const);
  const ends = [...machines, { kind: 'internet' } as const];
  return Object.fromEntries(
    ends.flatMap((from) =>
      ends
        .filter((to) => to !== from)
        .flatMap((to) =>
          [22, 2049, 5432, 443].map((port) => [
            `${formatEnd(from)} -> ${formatEnd(to)} ${port}`.replaceAll('/', '-'),
            engine.explain({ from, to, protocol: 'TCP', port }).verdict,
          ]),
        ),
    ),
  );
}

/** ACLs and groups by name, with names for ids: what must survive the way through an account. */
function filtersOf(vpc: Vpc) {
  const nameOf = new Map(vpc.securityGroups.map(({ id, name }) => [id, name]));
  const rules = (all: Vpc['securityGroups'][number]['ingress']) =>
    all
      .map(({ protocol, ports, peer }) =>
        JSON.stringify({
          protocol,
          ports,
          peer: peer.kind === 'security-group' ? nameOf.get(peer.id) : peer,
        }),
      )
      .sort();
  const used = new Set(vpc.subnets.map(({ networkAcl }) => networkAcl));
  return {
    acls: Object.fromEntries(
      vpc.networkAcls
        .filter(({ id }) => used.has(id))
        .map(({ name, ingress, egress }) => [name, { ingress, egress }]),
    ),
    groups: Object.fromEntries(
      vpc.securityGroups
        .filter(({ name }) => !name.startsWith('default'))
        .map(({ name, ingress, egress }) => [
          name,
          { ingress: rules(ingress), egress: rules(egress) },
        ]),
    ),
  };
}

/**
 * What the template leaves open and the account tells: whether the database has a public address. AWS
 * chooses where `PubliclyAccessible` is absent (CloudFormation: AWS::RDS::DBInstance).
 */
function knownFromAccount(
  was: Readonly<Record<string, string>>,
  is: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const left = Object.keys(was).filter((flow) => was[flow] === 'unknown' && is[flow] !== 'unknown');
  expect(left.filter((flow) => !/^internet -> eni:Database-/.test(flow))).toEqual([]);
  return Object.fromEntries(left.map((flow) => [flow, 'no-route']));
}

withMoto('VPCs of an account as a template', () => {
  let moto: Moto;
  let aws: Aws;
  beforeAll(async () => {
    moto = await startMoto();
    aws = testAws(moto.endpoint);
  });
  afterAll(async () => {
    aws.close();
    await moto.stop();
  });

  test('what was built comes back: every flow is judged as before, every rule is there', async () => {
    const before = machineWorld(ACLS);
    const [vpc] = before.vpcs;
    if (vpc === undefined) throw new Error('no VPC');
    const id = await buildVpc(aws.ec2, vpc);
    const stranger = await buildVpc(aws.ec2, { ...vpc, name: 'stranger' });
    const template = await exportVpcs(aws, [id]);
    expect(JSON.stringify(template)).not.toContain(stranger);
    const text = JSON.stringify(template);
    const reading = readWorld({ manifests: [], templates: [{ path: 'live.json', text }] });
    if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems, null, 2));
    expect(reading.warnings).toEqual([]);
    const after = reading.value;
    const [back] = after.vpcs;
    expect(back && filtersOf(back)).toEqual(filtersOf(vpc));
    const [was, is] = [verdicts(before), verdicts(after)];
    expect(Object.keys(was).length).toBeGreaterThan(700);
    expect(is).toEqual({ ...was, ...knownFromAccount(was, is) });
  });

  test('a VPC that is not there is said', async () => {
    await expect(exportVpcs(aws, ['vpc-0123'])).rejects.toThrow('vpc-0123 is not in us-east-1');
  });
});

/** A network ACL that forgets the way back of what its subnet asks for. */
const ACLS = `
  Strict: { Type: 'AWS::EC2::NetworkAcl', Properties: { VpcId: !Ref Vpc, Tags: [{ Key: Name, Value: strict }] } }
  StrictIn: { Type: 'AWS::EC2::NetworkAclEntry', Properties: { NetworkAclId: !Ref Strict, RuleNumber: 100, RuleAction: allow, Protocol: 6, CidrBlock: 10.0.0.0/16, PortRange: { From: 5432, To: 5432 } } }
  StrictOut: { Type: 'AWS::EC2::NetworkAclEntry', Properties: { NetworkAclId: !Ref Strict, RuleNumber: 100, RuleAction: allow, Protocol: 6, CidrBlock: 10.0.1.0/24, Egress: true, PortRange: { From: 1024, To: 65535 } } }
  StrictFor: { Type: 'AWS::EC2::SubnetNetworkAclAssociation', Properties: { NetworkAclId: !Ref Strict, SubnetId: !Ref DataA } }
`;
