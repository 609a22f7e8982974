import { synthesize } from '../synthesized';
import { aclLinesOf, groupLinesOf } from './lines';

// Synthesis is seconds of work, and the machine may have other work too.
jest.setTimeout(120_000);

/** The lines of a table, without indentation. */
const table = (text: string): readonly string[] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim());

const NODES = '10.0.0.0/17';
const PODS = '100.64.0.0/16';
const PUBLIC = '10.0.128.0/18';
const CONTROL_PLANE = '10.0.192.0/26';
const PEER = '10.1.0.0/16';

/** Every line, with the addresses of the default layout; the rest is denied. */
const ACL_LINES = `
  public in 100 allow tcp 1024-65535 0.0.0.0/0
  public in 110 allow tcp 80 0.0.0.0/0
  public in 120 allow tcp 443 0.0.0.0/0
  public in 130 allow icmp 3/4 0.0.0.0/0
  public out 100 allow tcp 80 0.0.0.0/0
  public out 110 allow tcp 443 0.0.0.0/0
  public out 120 allow tcp 1024-65535 0.0.0.0/0
  public out 130 allow icmp 3/4 0.0.0.0/0

  nodes in 100 allow any ${NODES}
  nodes in 110 allow any ${PODS}
  nodes in 120 allow tcp 443 ${CONTROL_PLANE}
  nodes in 130 allow tcp 1024-65535 0.0.0.0/0
  nodes in 140 allow tcp 80 ${PUBLIC}
  nodes in 150 allow tcp 443 ${PUBLIC}
  nodes in 160 allow icmp 3/4 0.0.0.0/0
  nodes out 100 allow any ${NODES}
  nodes out 110 allow any ${PODS}
  nodes out 120 allow tcp 80 0.0.0.0/0
  nodes out 130 allow tcp 443 0.0.0.0/0
  nodes out 140 allow icmp 3/4 0.0.0.0/0
  nodes out 150 allow tcp 1024-65535 0.0.0.0/0

  control-plane in 100 allow tcp 443 ${NODES}
  control-plane in 110 allow tcp 1024-65535 ${NODES}
  control-plane in 120 allow tcp 443 ${PODS}
  control-plane in 130 allow tcp 1024-65535 ${PODS}
  control-plane out 100 allow tcp 1024-65535 ${NODES}
  control-plane out 110 allow tcp 443 ${NODES}
  control-plane out 120 allow tcp 443 ${PODS}
  control-plane out 130 allow tcp 1024-65535 ${PODS}

  pods in 100 allow any ${PODS}
  pods in 110 allow any ${NODES}
  pods in 120 allow tcp 443 ${CONTROL_PLANE}
  pods in 130 allow tcp 1024-65535 ${CONTROL_PLANE}
  pods in 140 allow tcp 32768-60999 0.0.0.0/0
  pods in 150 allow tcp 80 ${PUBLIC}
  pods in 160 allow tcp 443 ${PUBLIC}
  pods in 170 allow tcp 1024-65535 ${PUBLIC}
  pods in 180 allow icmp 3/4 0.0.0.0/0
  pods out 100 allow any ${PODS}
  pods out 110 allow any ${NODES}
  pods out 120 allow tcp 1024-65535 ${CONTROL_PLANE}
  pods out 130 allow tcp 80 0.0.0.0/0
  pods out 140 allow tcp 443 0.0.0.0/0
  pods out 150 allow tcp 1024-65535 ${PUBLIC}
  pods out 160 allow icmp 3/4 0.0.0.0/0
`;

/** AWS chooses IPv6 blocks, so inside the VPC a line names the whole of it; pods have no IPv6. */
const ACL_LINES_6 = `
  public in 1000 allow tcp 1024-65535 ::/0
  public in 1010 allow tcp 80 ::/0
  public in 1020 allow tcp 443 ::/0
  public in 1030 allow icmpv6 2/0 ::/0
  public out 1000 allow tcp 80 ::/0
  public out 1010 allow tcp 443 ::/0
  public out 1020 allow tcp 1024-65535 ::/0
  public out 1030 allow icmpv6 2/0 ::/0
  nodes in 1000 allow any vpc6
  nodes in 1010 allow tcp 1024-65535 ::/0
  nodes in 1020 allow icmpv6 2/0 ::/0
  nodes out 1000 allow any vpc6
  nodes out 1010 allow tcp 80 ::/0
  nodes out 1020 allow tcp 443 ::/0
  nodes out 1030 allow icmpv6 2/0 ::/0
  nodes out 1040 allow tcp 1024-65535 ::/0
  control-plane in 1000 allow tcp 443 vpc6
  control-plane in 1010 allow tcp 1024-65535 vpc6
  control-plane out 1000 allow tcp 1024-65535 vpc6
  control-plane out 1010 allow tcp 443 vpc6
`;

const rowsOf = (...tables: readonly string[]): readonly string[] =>
  tables
    .flatMap(table)
    .filter((line) => line !== '')
    .sort();

describe('network ACLs have these lines, and no other', () => {
  test.each<Readonly<Record<string, string>>>([
    { lab: 'k8s-5-network-policy', size: 'small' },
    { lab: 'capstone', size: 'production', allowedCidrs: '203.0.113.7/32' },
  ])('%j', (context) => {
    const found = aclLinesOf(synthesize(context));
    expect(found.toSorted()).toEqual(rowsOf(ACL_LINES));
  });

  test('with IPv6', () => {
    const found = aclLinesOf(synthesize({ lab: 'k8s-5-network-policy', ipv6: 'true' }));
    expect(found.toSorted()).toEqual(rowsOf(ACL_LINES, ACL_LINES_6));
  });

  test('two VPCs that are peered: the nodes of each open to the block of the other', () => {
    const found = aclLinesOf(synthesize({ lab: 'mc-1-two-clusters' }));
    const first = found.filter((line) => !line.startsWith('peer/'));
    const added = `
      nodes in 170 allow any ${PEER}
      nodes out 160 allow any ${PEER}
    `;
    expect(first.toSorted()).toEqual(rowsOf(ACL_LINES, added));
    const second = found
      .filter((line) => line.startsWith('peer/'))
      .map((line) => mirrored(line.replace('peer/', '')));
    expect(second.toSorted()).toEqual(first.toSorted());
  });
});

/** A line of the second VPC with the blocks of the first, and the other way round. */
const mirrored = (line: string): string =>
  line.replace(/ (10\.0|10\.1|100\.65)\./, (_, block: string) => ` ${MIRROR[block]}.`);

const MIRROR: Readonly<Record<string, string>> = {
  '10.0': '10.1',
  '10.1': '10.0',
  '100.65': '100.64',
};

/** What every cluster with Calico needs. */
const CLUSTER_RULES = `
  control-plane in tcp 443 nodes
  control-plane out tcp 10250 nodes
  control-plane out tcp 5443 nodes
  nodes in any nodes
  nodes in tcp 10250 control-plane
  nodes in tcp 5443 control-plane
  nodes out any nodes
  nodes out tcp 443 0.0.0.0/0
  nodes out tcp 443 control-plane
  nodes out tcp 80 0.0.0.0/0
`;

const LOAD_BALANCER_RULES = `
  control-plane out tcp 9443 nodes
  nodes in tcp 9443 control-plane
  load-balancers in tcp 80 10.0.0.0/16
  load-balancers in tcp 80 ${PODS}
  load-balancers in tcp 80 203.0.113.7/32
  load-balancers in tcp 443 10.0.0.0/16
  load-balancers in tcp 443 ${PODS}
  load-balancers in tcp 443 203.0.113.7/32
  load-balancers out tcp 80 nodes
  load-balancers out tcp 8080 nodes
  load-balancers out tcp 8443 nodes
  load-balancers out tcp 30000-32767 nodes
  nodes in tcp 80 load-balancers
  nodes in tcp 8080 load-balancers
  nodes in tcp 8443 load-balancers
  nodes in tcp 30000-32767 load-balancers
`;

const POD_GROUP_RULES = `
  nodes in tcp 53 pods-db
  nodes in tcp 53 pods-web
  nodes in udp 53 pods-db
  nodes in udp 53 pods-web
  nodes out tcp 8080 pods-web
  pods-db in tcp 5432 pods-web
  pods-db out tcp 53 nodes
  pods-db out udp 53 nodes
  pods-web in tcp 8080 nodes
  pods-web out tcp 53 nodes
  pods-web out tcp 5432 pods-db
  pods-web out udp 53 nodes
`;

const ENDPOINT_RULES = `
  endpoints in tcp 443 10.0.0.0/16
  endpoints in tcp 443 ${PODS}
  endpoints out nothing
`;

describe('security groups have these rules, and no other', () => {
  test.each`
    lab                       | context                                                   | rules
    ${'k8s-5-network-policy'} | ${{}}                                                     | ${[CLUSTER_RULES]}
    ${'k8s-5-network-policy'} | ${{ ipv6: 'true' }}                                       | ${[CLUSTER_RULES, 'nodes out tcp 80 ::/0', 'nodes out tcp 443 ::/0']}
    ${'capstone'}             | ${{ size: 'production', allowedCidrs: '203.0.113.7/32' }} | ${[CLUSTER_RULES, LOAD_BALANCER_RULES]}
    ${'aws-3-vpc-cni'}        | ${{ privateOnly: 'true' }}                                | ${[CLUSTER_RULES, POD_GROUP_RULES, ENDPOINT_RULES]}
  `('$lab $context', ({ lab, context, rules }) => {
    expect(groupLinesOf(synthesize({ lab, ...context }))).toEqual(rowsOf(...rules));
  });

  test('two VPCs that are peered: the nodes of each open to the block of the other', () => {
    const found = groupLinesOf(synthesize({ lab: 'mc-1-two-clusters' }));
    const first = found.filter((line) => !line.startsWith('peer/'));
    expect(first).toEqual(rowsOf(CLUSTER_RULES, `nodes in any ${PEER}`, `nodes out any ${PEER}`));
    const second = found
      .filter((line) => line.startsWith('peer/'))
      .map((line) => mirrored(line.replaceAll('peer/', '')));
    expect(second.toSorted()).toEqual(first);
  });
});
