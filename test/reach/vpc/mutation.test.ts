import type { SourceFile } from '../../../lib/model/problem';
import { productionTemplates, vpcWorld } from '../../build/production-vpc';
import { VPC_FLOWS } from '../../build/production-vpc-flows';
import { asker, gatesOf, sendingOf } from './ask';

/** As much of a template as is cut here. */
interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

interface Cut {
  /** What is taken out of the template. */
  readonly cut: string;
  readonly what: (resource: Resource, logicalId: string) => boolean;
  /** A flow of the set that notices, and what it is answered then. */
  readonly flow: string;
  readonly verdict: string;
  readonly because: string;
}

const templates = productionTemplates();

const aclLine =
  (acl: string, egress: boolean, first: number) =>
  ({ Type, Properties }: Resource): boolean => {
    const { NetworkAclId, Egress = false, PortRange } = Properties;
    const range = PortRange as { readonly From: number } | undefined;
    return (
      Type === 'AWS::EC2::NetworkAclEntry' &&
      JSON.stringify(NetworkAclId).includes(acl) &&
      Egress === egress &&
      range?.From === first
    );
  };

const routeTo =
  (subnet: string, target: string) =>
  ({ Type, Properties }: Resource): boolean =>
    Type === 'AWS::EC2::Route' &&
    JSON.stringify(Properties.RouteTableId).includes(subnet) &&
    Properties[target] !== undefined;

const groupRule =
  (type: 'Ingress' | 'Egress', because: string) =>
  ({ Type, Properties }: Resource): boolean =>
    Type === `AWS::EC2::SecurityGroup${type}` && String(Properties.Description).includes(because);

const CUTS: readonly Cut[] = [
  {
    cut: 'the replies of the internet, at the public subnets',
    what: aclLine('Aclpublic', false, 1024),
    flow: 'NAT: behind the node, then behind the gateway',
    verdict: 'denied',
    because:
      'no rule of Acl-public lets TCP 1024-65535 in from 203.0.113.10, so its last line (*) denies it',
  },
  {
    cut: 'the replies of the NAT gateway to the nodes, at the public subnets',
    what: aclLine('Aclpublic', true, 1024),
    flow: 'NAT: a node itself',
    verdict: 'denied',
    because:
      'no rule of Acl-public lets TCP 32768-60999 out to 10.0.32.15, so its last line (*) denies it',
  },
  {
    cut: 'the replies of the internet, at the nodes',
    what: aclLine('Aclnodes', false, 1024),
    flow: 'NAT, port 80',
    verdict: 'denied',
    because:
      'no rule of Acl-nodes lets TCP 1024-65535 in from 203.0.113.10, so its last line (*) denies it',
  },
  {
    cut: 'what the control plane answers and calls, at its subnets',
    what: aclLine('Aclcontrolplane', true, 1024),
    flow: 'the Kubernetes API from a pod',
    verdict: 'denied',
    because:
      'no rule of Acl-control-plane lets TCP 32768-60999 out to 100.64.0.17, so its last line (*) denies it',
  },
  {
    cut: 'the way of the nodes to the NAT gateway',
    what: routeTo('nodesSubnet2', 'NatGatewayId'),
    flow: 'NAT, port 80',
    verdict: 'no-route',
    because: 'nodesSubnet2 has no route for 203.0.113.10',
  },
  {
    cut: 'the way of the NAT gateway to the internet',
    what: routeTo('publicSubnet1', 'GatewayId'),
    flow: 'NAT: behind the node, then behind the gateway',
    verdict: 'no-route',
    because: 'publicSubnet1 has no route for 203.0.113.10',
  },
  {
    cut: 'the rule that lets nodes call nodes',
    what: groupRule('Egress', 'nodes and their pods share one group'),
    flow: 'same subnet: two nodes',
    verdict: 'denied',
    because: 'no egress rule of nodes lets TCP 10250 out to',
  },
  {
    cut: 'the rule that lets nodes talk to nodes',
    what: groupRule('Ingress', 'nodes and their pods share one group'),
    flow: 'same subnet: groups, no ACL',
    verdict: 'denied',
    because: 'no ingress rule of nodes lets TCP 8080 in from 100.64.0.17',
  },
  {
    cut: 'the rule that lets web call its database',
    what: groupRule('Ingress', 'call the database'),
    flow: 'branch: web to the database of another zone',
    verdict: 'denied',
    because: 'no ingress rule of pods-db lets TCP 5432 in from',
  },
];

describe.each(CUTS)('without $cut', ({ what, flow: id, verdict, because }) => {
  const cut = templates.map((file) => without(file, what));

  test('something was cut', () => {
    expect(cut).not.toEqual(templates);
  });

  test(`'${id}' notices and says what is missing`, () => {
    const world = vpcWorld(cut);
    const ask = asker(world);
    const noticed = VPC_FLOWS.filter((flow) => {
      const answer = ask(sendingOf(world, flow));
      return answer.verdict !== flow.verdict || different(gatesOf(answer), flow.by);
    });
    expect(noticed.map((flow) => flow.id)).toContain(id);
    const flow = noticed.find((one) => one.id === id);
    const answer = flow === undefined ? undefined : ask(sendingOf(world, flow));
    const reasons = [...(answer?.there ?? []), ...(answer?.back ?? [])].map((e) => e.because);
    expect({ verdict: answer?.verdict, reasons }).toEqual({
      verdict,
      reasons: [expect.stringContaining(because)],
    });
  });
});

const different = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);

function without({ path, text }: SourceFile, what: Cut['what']): SourceFile {
  const template = JSON.parse(text) as { readonly Resources: Readonly<Record<string, Resource>> };
  const kept = Object.entries(template.Resources).filter(([id, resource]) => !what(resource, id));
  return { path, text: JSON.stringify({ ...template, Resources: Object.fromEntries(kept) }) };
}
