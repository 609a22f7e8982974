import type { StageOf } from '../../charts';
import type { TemplateChange } from '../../lib/lab/template-change';

const ENTRY = 'AWS::EC2::NetworkAclEntry';

/** What is broken, what would be seen if it were this and is another, and how the template differs. */
export const FAULTS = {
  'no-route': {
    name: 'the node subnets have lost their default route',
    whyNot:
      'then every call out of the VPC ends at the table of its node’s subnet: see whether that route is what answered',
    because:
      'The node subnets have lost their default route, and only calls out of the VPC notice. Here the router says so at once; a VPC’s router drops what it has no route for, and a caller on EKS waits.',
    network: ['1', '2'].map(
      (zone): TemplateChange => ({
        resource: 'AWS::EC2::Route',
        id: `NetworkSubnetsVpcnodesSubnet${zone}DefaultRoute`,
        change: { kind: 'remove' },
      }),
    ),
  },
  'acl-forgets-replies': {
    name: 'the pods’ network ACL forgets replies',
    whyNot:
      'then a call that crosses zones is lost on its way back: see where `lab explain` says that it ends',
    because: 'Port 8080 may pass in and out between zones, and the answers go to ephemeral ports.',
    network: ['In', 'Out'].map(
      (way): TemplateChange => ({
        resource: ENTRY,
        id: `NetworkAclpods${way}100`,
        change: { kind: 'set', properties: { Protocol: 6, PortRange: { From: 8080, To: 8080 } } },
      }),
    ),
  },
  'acl-denies-out': {
    name: 'a network ACL denies a block outside',
    whyNot:
      'then a call to that block leaves its node and is lost at the edge of the subnet: see who answered',
    because: 'Rule 50 of the nodes’ ACL denies 203.0.113.0/24, and is asked before every allow.',
    network: [
      {
        resource: ENTRY,
        id: 'DenyOutside',
        change: {
          kind: 'add',
          properties: {
            NetworkAclId: { Ref: 'NetworkAclnodes6223A4BC' },
            Egress: true,
            RuleNumber: 50,
            RuleAction: 'deny',
            CidrBlock: '203.0.113.0/24',
            Protocol: -1,
          },
        },
      },
    ],
  },
  'group-too-narrow': {
    name: 'the nodes’ security group admits too little',
    whyNot:
      'then the packet arrives at the other node and is lost at its interface: see which hop says no',
    because: 'Only 443 is admitted from other nodes: pods on one node still reach each other.',
    network: [
      {
        resource: 'AWS::EC2::SecurityGroupIngress',
        id: 'NetworkSecurityGroupsnodesfromaws5pathnetworkNetworkSecurityGroupsnodes',
        change: { kind: 'set', properties: { IpProtocol: 'tcp', FromPort: 443, ToPort: 443 } },
      },
    ],
  },
  'group-closed-out': {
    name: 'the nodes’ security group lets nothing out of the VPC',
    whyNot:
      'then calls between pods work, and a call out is lost at its own node’s interface: see which hop says no',
    because:
      'Its outbound rules name private blocks only. A group’s outbound side is as real as its inbound side.',
    network: [
      {
        resource: 'AWS::EC2::SecurityGroup',
        id: 'NetworkSecurityGroupsnodes',
        change: {
          kind: 'set',
          properties: {
            SecurityGroupEgress: [{ IpProtocol: '-1', CidrIp: '10.0.0.0/8' }],
          },
        },
      },
    ],
  },
  'policy-wrong-block': {
    name: 'a NetworkPolicy names the wrong block',
    whyNot: 'then the packet never leaves the pod’s node: see whether a policy is what answered',
    because: 'The client’s egress allows 198.51.100.0/24; the API it needs is at 203.0.113.10.',
    network: [],
  },
  'acl-denies-port': {
    name: 'the pods’ network ACL denies the port of the call',
    whyNot:
      'then a call on 8080 between zones is lost on its way there: see which line `lab explain` names',
    because:
      'Line 50 denies TCP 8080 from the pods’ block, and is asked before line 100 allows it.',
    network: [
      {
        resource: ENTRY,
        id: 'DenyPort',
        change: {
          kind: 'add',
          properties: {
            NetworkAclId: { Ref: 'NetworkAclpods6D064B55' },
            Egress: false,
            RuleNumber: 50,
            RuleAction: 'deny',
            CidrBlock: '100.64.0.0/16',
            Protocol: 6,
            PortRange: { From: 8080, To: 8080 },
          },
        },
      },
    ],
  },
  'acl-nodes-forgets-replies': {
    name: 'the nodes’ network ACL forgets replies from outside',
    whyNot:
      'then a call out arrives, and its answer is lost at the edge of the node subnet: see where the return ends',
    because:
      'The line that admits the ephemeral ports from everywhere is gone. Only the way back needs it.',
    network: [{ resource: ENTRY, id: 'NetworkAclnodesIn130', change: { kind: 'remove' } }],
  },
  'acl-public-closed': {
    name: 'the public subnets’ network ACL lets HTTPS not out',
    whyNot:
      'then a call out passes NAT and is lost at the last edge before the internet gateway: see which subnet denies',
    because: 'NAT sends the packet on from a public subnet, and that subnet’s ACL judges it too.',
    network: [{ resource: ENTRY, id: 'NetworkAclpublicOut110', change: { kind: 'remove' } }],
  },
  'acl-pods-closed': {
    name: 'the pods’ network ACL has lost the line that lets pods leave to pods',
    whyNot:
      'then a call between zones is lost at the edge of the caller’s own subnet: see which direction denies',
    because:
      'No line matches, so the last one decides: deny. Both the calls and the replies need it.',
    network: [{ resource: ENTRY, id: 'NetworkAclpodsOut100', change: { kind: 'remove' } }],
  },
  'no-internet-gateway': {
    name: 'the public subnets have lost their route to the internet gateway',
    whyNot:
      'then a call out reaches the NAT gateway and finds no way on: see the table of which subnet answers',
    because:
      'Without that route the subnets are not public, and NAT has nowhere to send the packet.',
    network: ['1', '2'].map(
      (zone): TemplateChange => ({
        resource: 'AWS::EC2::Route',
        id: `NetworkSubnetsVpcpublicSubnet${zone}DefaultRoute`,
        change: { kind: 'remove' },
      }),
    ),
  },
  'group-protocol': {
    name: 'the nodes’ security group admits another protocol',
    whyNot:
      'then TCP between nodes is lost at the interface of the other node, and UDP is not: read the rule',
    because: 'The rule says UDP. Pods on one node still reach each other, and DNS works.',
    network: [
      {
        resource: 'AWS::EC2::SecurityGroupIngress',
        id: 'NetworkSecurityGroupsnodesfromaws5pathnetworkNetworkSecurityGroupsnodes',
        change: { kind: 'set', properties: { IpProtocol: 'udp', FromPort: 0, ToPort: 65535 } },
      },
    ],
  },
  'policy-port': {
    name: 'the server’s policy admits another port',
    whyNot:
      'then no client reaches any server, wherever it runs: read the port of the server’s rule',
    because: 'The rule names 80; the server listens on 8080, and policies see the port of the pod.',
    network: [],
  },
  'policy-caller': {
    name: 'the server’s policy admits a label that no pod has',
    whyNot:
      'then each call to a server ends at its policy: compare the label of the rule with the pods',
    because: 'The rule admits app: clients, and the pods are labelled app: client.',
    network: [],
  },
  'policy-no-egress': {
    name: 'the client’s policy has no rule to the server',
    whyNot:
      'then a call to a server does not leave the client: see whose policy answers, and for which end',
    because:
      'The server admits the client, and the client may not leave: each end has its own rule.',
    network: [],
  },
} as const satisfies Partial<
  Record<
    StageOf<'aws-5-path'>,
    {
      readonly name: string;
      readonly whyNot: string;
      readonly because: string;
      readonly network: readonly TemplateChange[];
    }
  >
>;
