import type { Outcome } from '../../lib/model/observation';
import type { World } from '../../lib/model/world';
import { createEngine } from '../../lib/reach/engine';
import { VPC_FIELDS, vpcFlowLog } from '../../lib/records/vpc';
import { flow, networkPolicy, pod, service } from '../build/manifests';
import { type Change, group, tiny } from '../build/tiny-vpc';
import { worldOf } from '../build/world-of';
import { labTemplates } from '../lab-templates';

/** Pods of the tiny VPC: a1 and a2 share node-a, b stands in another subnet, `branch` has a group of its own. */
const PODS = [
  pod('shop/a1', { node: 'node-a', ip: '10.0.1.20' }),
  pod('shop/a2', { node: 'node-a', ip: '10.0.1.21' }),
  pod('shop/near', { node: 'node-a2', ip: '10.0.1.25' }),
  pod('shop/b', { node: 'node-b', ip: '10.0.2.20', labels: { app: 'b' }, ports: [8080, 80] }),
];

/** Called at port 80, answered at 8080. */
const SERVICE = service('shop/b', {
  port: 80,
  selector: { app: 'b' },
  ports: [{ port: 80, targetPort: 8080 }],
});

const worldWith = (change: Change, ...policies: readonly object[]): World => ({
  ...worldOf([...PODS, ...policies]),
  ...tiny(change),
});

const AT = new Date('2026-11-21T12:00:00Z');
const OUTCOME: Readonly<Record<string, Outcome>> = {
  allowed: 'connected',
  denied: 'timed-out',
  'no-route': 'unreachable',
};

function logOf(world: World, asked: ReturnType<typeof flow>): readonly string[] {
  const explanation = createEngine(world, { staged: 'as-written' }).explain(asked);
  const outcome = OUTCOME[explanation.verdict] ?? 'unsupported';
  return vpcFlowLog(world, { explanation, outcome, at: AT, index: 0 });
}

/** `interface direction path | source -> destination flags action`, the packet's own addresses. */
const short = (line: string): string => {
  const value = line.split(' ');
  const get = (field: (typeof VPC_FIELDS)[number]) => value[VPC_FIELDS.indexOf(field)];
  const [source, destination] = [
    `${get('pkt-srcaddr')}:${get('srcport')}`,
    `${get('pkt-dstaddr')}:${get('dstport')}`,
  ];
  return `${get('interface-id')} ${get('flow-direction')} ${get('traffic-path')} | ${source} -> ${destination} ${get('tcp-flags')} ${get('action')}`;
};

test('a record has every field of the network stack’s flow log, in its order', () => {
  const [format] = labTemplates({ lab: 'aws-3-vpc-cni', size: 'small' }).flatMap(({ text }) => {
    const { Resources } = JSON.parse(text) as {
      Resources: Record<string, { Type: string; Properties: { LogFormat: string } }>;
    };
    return Object.values(Resources)
      .filter(({ Type }) => Type === 'AWS::EC2::FlowLog')
      .map(({ Properties }) => Properties.LogFormat);
  });
  expect(VPC_FIELDS.map((field) => `\${${field}}`).join(' ')).toBe(format);
});

test('one record, field by field', () => {
  expect(logOf(worldWith({}), flow('shop/a1', 'shop/b', 80))[0]).toBe(
    '1795262400 node-a/eth0 a 10.0.1.10 10.0.2.20 10.0.1.20 10.0.2.20 32768 80 6 3 egress 1 - - ACCEPT OK',
  );
});

const closedGroup = [group('nodes', ['any'], ['TCP 443']), group('pods', ['any'])];
const deaf = [group('nodes', ['TCP 443'], ['any']), group('pods', ['any'])];
const isolated = (policyTypes: readonly string[], name: string) =>
  networkPolicy(`shop/${name}`, { policyTypes });

const THERE = [
  'node-a/eth0 egress 1 | 10.0.1.20:32768 -> 10.0.2.20:80 3 ACCEPT',
  'node-b/eth0 ingress - | 10.0.1.20:32768 -> 10.0.2.20:80 3 ACCEPT',
];

test.each([
  {
    what: 'two subnets: both interfaces, both ways',
    world: worldWith({}),
    asked: flow('shop/a1', 'shop/b', 80),
    log: [
      ...THERE,
      'node-b/eth0 egress 1 | 10.0.2.20:80 -> 10.0.1.20:32768 19 ACCEPT',
      'node-a/eth0 ingress - | 10.0.2.20:80 -> 10.0.1.20:32768 19 ACCEPT',
    ],
  },
  {
    what: 'UDP has no flags',
    world: worldWith({}),
    asked: flow('shop/a1', 'shop/near', 80, 'UDP'),
    log: [
      'node-a/eth0 egress 1 | 10.0.1.20:32768 -> 10.0.1.25:80 0 ACCEPT',
      'node-a2/eth0 ingress - | 10.0.1.20:32768 -> 10.0.1.25:80 0 ACCEPT',
      'node-a2/eth0 egress 1 | 10.0.1.25:80 -> 10.0.1.20:32768 0 ACCEPT',
      'node-a/eth0 ingress - | 10.0.1.25:80 -> 10.0.1.20:32768 0 ACCEPT',
    ],
  },
  {
    what: 'ICMP has no ports',
    world: worldWith({ groups: [group('nodes', ['any'], ['TCP 443'])] }),
    asked: flow('shop/a1', 'shop/b', undefined, 'ICMP'),
    log: ['node-a/eth0 egress - | 10.0.1.20:0 -> 10.0.2.20:0 0 REJECT'],
  },
  {
    what: 'one node: nothing passes an interface',
    world: worldWith({ groups: closedGroup }),
    asked: flow('shop/a1', 'shop/a2', 80),
    log: [],
  },
  {
    what: 'the sender’s group refuses',
    world: worldWith({ groups: closedGroup }),
    asked: flow('shop/a1', 'shop/b', 80),
    log: ['node-a/eth0 egress - | 10.0.1.20:32768 -> 10.0.2.20:80 2 REJECT'],
  },
  {
    what: 'the receiver’s group refuses',
    world: worldWith({ groups: deaf }),
    asked: flow('shop/a1', 'shop/b', 80),
    log: [
      'node-a/eth0 egress 1 | 10.0.1.20:32768 -> 10.0.2.20:80 2 ACCEPT',
      'node-b/eth0 ingress - | 10.0.1.20:32768 -> 10.0.2.20:80 2 REJECT',
    ],
  },
  {
    what: 'the ACL of the sender’s subnet refuses: the packet left the interface and no more',
    world: worldWith({ acl: { a: [['100 allow'], []] } }),
    asked: flow('shop/a1', 'shop/b', 80),
    log: ['node-a/eth0 egress - | 10.0.1.20:32768 -> 10.0.2.20:80 2 REJECT'],
  },
  {
    what: 'the ACL of the receiver’s subnet refuses: written at the interface behind it',
    world: worldWith({ acl: { b: [[], ['100 allow']] } }),
    asked: flow('shop/a1', 'shop/b', 80),
    log: [
      'node-a/eth0 egress 1 | 10.0.1.20:32768 -> 10.0.2.20:80 2 ACCEPT',
      'node-b/eth0 ingress - | 10.0.1.20:32768 -> 10.0.2.20:80 2 REJECT',
    ],
  },
  {
    what: 'an ACL refuses the replies where they leave',
    world: worldWith({ acl: { b: [['100 allow'], []] } }),
    asked: flow('shop/a1', 'shop/b', 80),
    log: [
      ...THERE.map((line) => line.replace(' 3 ', ' 2 ')),
      'node-b/eth0 egress - | 10.0.2.20:80 -> 10.0.1.20:32768 18 REJECT',
    ],
  },
  {
    what: 'an ACL refuses the replies where they come back',
    world: worldWith({ acl: { a: [['100 allow TCP 80'], ['100 allow']] } }),
    asked: flow('shop/a1', 'shop/b', 80),
    log: [
      ...THERE.map((line) => line.replace(' 3 ', ' 2 ')),
      'node-b/eth0 egress 1 | 10.0.2.20:80 -> 10.0.1.20:32768 18 ACCEPT',
      'node-a/eth0 ingress - | 10.0.2.20:80 -> 10.0.1.20:32768 18 REJECT',
    ],
  },
  {
    what: 'a policy drops it before it leaves the pod: nothing',
    world: worldWith({}, isolated(['Egress'], 'out')),
    asked: flow('shop/a1', 'shop/b', 80),
    log: [],
  },
  {
    what: 'a policy drops it on arrival: the VPC accepted it, and nobody answers',
    world: worldWith({}, isolated(['Ingress'], 'in')),
    asked: flow('shop/a1', 'shop/b', 80),
    log: THERE.map((line) => line.replace(' 3 ', ' 2 ')),
  },
  {
    what: 'out by NAT: the node’s address, then the gateway’s',
    world: worldWith({}),
    asked: flow('shop/a1', 'internet', 443),
    log: [
      'node-a/eth0 egress 1 | 10.0.1.10:32768 -> 203.0.113.10:443 3 ACCEPT',
      'nat ingress - | 10.0.1.10:32768 -> 203.0.113.10:443 3 ACCEPT',
      'nat egress 8 | 10.0.9.4:32768 -> 203.0.113.10:443 3 ACCEPT',
      'nat ingress - | 203.0.113.10:443 -> 10.0.9.4:32768 19 ACCEPT',
      'nat egress 1 | 203.0.113.10:443 -> 10.0.1.10:32768 19 ACCEPT',
      'node-a/eth0 ingress - | 203.0.113.10:443 -> 10.0.1.10:32768 19 ACCEPT',
    ],
  },
  {
    what: 'a Service’s address: interfaces see the backend and its port',
    world: worldWith({}, SERVICE),
    asked: flow('shop/a1', 'svc:shop/b', 80),
    log: [
      ...THERE.map((line) => line.replace(':80 ', ':8080 ')),
      'node-b/eth0 egress 1 | 10.0.2.20:8080 -> 10.0.1.20:32768 19 ACCEPT',
      'node-a/eth0 ingress - | 10.0.2.20:8080 -> 10.0.1.20:32768 19 ACCEPT',
    ],
  },
  {
    what: 'the ACL before the NAT gateway refuses: written at the gateway',
    world: worldWith({ acl: { public: [[], ['100 allow']] } }),
    asked: flow('shop/a1', 'internet', 443),
    log: [
      'node-a/eth0 egress 1 | 10.0.1.10:32768 -> 203.0.113.10:443 2 ACCEPT',
      'nat ingress - | 10.0.1.10:32768 -> 203.0.113.10:443 2 REJECT',
    ],
  },
])('$what', ({ world, asked, log }) => {
  expect(logOf(world, asked).map(short)).toEqual(log);
});

test('where nobody listens, the answer is a reset', () => {
  const world = worldWith({});
  const explanation = createEngine(world, { staged: 'as-written' }).explain(
    flow('shop/a1', 'shop/b', 81),
  );
  const log = vpcFlowLog(world, { explanation, outcome: 'refused', at: AT, index: 40_000 });
  expect(log.map(short)).toEqual([
    'node-a/eth0 egress 1 | 10.0.1.20:44536 -> 10.0.2.20:81 2 ACCEPT',
    'node-b/eth0 ingress - | 10.0.1.20:44536 -> 10.0.2.20:81 2 ACCEPT',
    'node-b/eth0 egress 1 | 10.0.2.20:81 -> 10.0.1.20:44536 4 ACCEPT',
    'node-a/eth0 ingress - | 10.0.2.20:81 -> 10.0.1.20:44536 4 ACCEPT',
  ]);
});
