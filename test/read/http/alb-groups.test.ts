import { formatCidr } from '../../../lib/model/address';
import type { HttpProxy } from '../../../lib/model/http';
import { readCase } from '../../build/http-cases';
import { type Dice, diceOf } from '../../build/random-http';

/**
 * How the AWS Load Balancer Controller merges what the Ingresses of a group say, as a table with the
 * functions of its source (kubernetes-sigs/aws-load-balancer-controller 225f445, pkg/ingress).
 * `exclusive`: the members that say it must say the same. `at a port`: the members that listen there.
 */
const RULES = [
  {
    key: 'scheme',
    rule: 'exclusive',
    source: 'model_build_load_balancer.go buildLoadBalancerScheme',
  },
  {
    key: 'ip-address-type',
    rule: 'exclusive',
    source: 'model_build_load_balancer.go buildLoadBalancerIPAddressType',
  },
  {
    key: 'subnets',
    rule: 'exclusive, in any order',
    source: 'model_build_load_balancer.go buildLoadBalancerSubnetMappings',
  },
  {
    key: 'security-groups',
    rule: 'exclusive',
    source: 'model_build_load_balancer.go buildFrontendSGNameOrIDsFromAnnotation',
  },
  {
    key: 'inbound-cidrs',
    rule: 'exclusive at a port, in any order',
    source: 'model_builder.go mergeListenPortConfigs',
  },
  {
    key: 'security-group-prefix-lists',
    rule: 'exclusive at a port, in any order',
    source: 'model_builder.go mergeListenPortConfigs',
  },
  {
    key: 'listen-ports',
    rule: 'one protocol at a port',
    source: 'model_builder.go mergeListenPortConfigs',
  },
  {
    key: 'group.order',
    rule: 'orders members, then the name',
    source: 'group_loader.go sortGroupMembers',
  },
] as const;

type Key = (typeof RULES)[number]['key'];
type Member = { readonly name: string } & Partial<Record<Key, string>>;

const VALUES: Readonly<Record<Key, readonly string[]>> = {
  scheme: ['internal', 'internet-facing'],
  'ip-address-type': ['ipv4', 'dualstack'],
  subnets: ['a, b', 'b, a', 'a, c'],
  'security-groups': ['sg-1, sg-2', 'sg-2, sg-1', 'sg-1'],
  'inbound-cidrs': [
    '192.0.2.0/24',
    '192.0.2.0/24, 198.51.100.0/24',
    '198.51.100.0/24, 192.0.2.0/24',
  ],
  'security-group-prefix-lists': ['pl-1', 'pl-1, pl-2', 'pl-2, pl-1'],
  'listen-ports': [
    '[{"HTTP":80}]',
    '[{"HTTP":8080}]',
    '[{"HTTP":80},{"HTTP":8080}]',
    '[{"HTTPS":8080}]',
  ],
  'group.order': ['-5', '0', '3', '1000'],
};

/** How often a member says it: rarely, so that groups without a conflict are common. */
const SHARE = 0.22;

const randomMember = (dice: Dice, index: number): Member => {
  const told = RULES.flatMap(({ key }): readonly (readonly [Key, string])[] =>
    dice.chance(key === 'group.order' ? 0.6 : SHARE) ? [[key, dice.pick(VALUES[key])]] : [],
  );
  return { name: `m${dice.upTo(90)}-${index}`, ...Object.fromEntries(told) };
};

const manifest = ({ name, ...told }: Member): string =>
  JSON.stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name,
      namespace: 'edge',
      annotations: Object.fromEntries(
        Object.entries({ 'group.name': 'g', 'target-type': 'ip', ...told }).map(([key, value]) => [
          `alb.ingress.kubernetes.io/${key}`,
          value,
        ]),
      ),
    },
    spec: {
      ingressClassName: 'alb',
      rules: [
        {
          host: 'a.test',
          http: {
            paths: [
              {
                path: `/${name}`,
                pathType: 'Exact',
                backend: { service: { name: 'one', port: { number: 80 } } },
              },
            ],
          },
        },
      ],
    },
  });

const listOf = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

const protocolsOf = (member: Member): ReadonlyMap<number, string> => {
  const entries = JSON.parse(member['listen-ports'] ?? '[{"HTTP":80}]') as readonly Record<
    string,
    number
  >[];
  return new Map(
    entries.flatMap((one) =>
      Object.entries(one).map(([protocol, port]) => [port, protocol] as const),
    ),
  );
};

/** What the table says of a group: refused, or its load balancer. */
function expected(members: readonly Member[]) {
  const texts = (key: Key, of: readonly Member[], sorted: boolean): ReadonlySet<string> =>
    new Set(
      of.flatMap((one) => {
        const list = listOf(one[key]);
        return list.length === 0 ? [] : [(sorted ? [...new Set(list)].sort() : list).join()];
      }),
    );
  const ports = [...new Set(members.flatMap((one) => [...protocolsOf(one).keys()]))];
  const at = (port: number) => members.filter((one) => protocolsOf(one).has(port));
  const isOne = (key: Key, of: readonly Member[], sorted: boolean): boolean =>
    texts(key, of, sorted).size <= 1;
  const oneProtocol = (port: number): boolean =>
    new Set(at(port).map((one) => protocolsOf(one).get(port))).size === 1;
  const HOLDS: Readonly<Record<(typeof RULES)[number]['rule'], (key: Key) => boolean>> = {
    exclusive: (key) => isOne(key, members, false),
    'exclusive, in any order': (key) => isOne(key, members, true),
    'exclusive at a port, in any order': (key) => ports.every((port) => isOne(key, at(port), true)),
    'one protocol at a port': () => ports.every(oneProtocol),
    'orders members, then the name': () => true,
  };
  const agree = RULES.every(({ key, rule }) => HOLDS[rule](key));
  if (!agree) return 'refused';
  const first = (key: Key, of = members): string | undefined =>
    of.map((one) => one[key]).find((value) => value !== undefined);
  const order = members.toSorted(
    (a, b) =>
      Number(a['group.order'] ?? 0) - Number(b['group.order'] ?? 0) || (a.name < b.name ? -1 : 1),
  );
  return {
    scheme: first('scheme') ?? 'internal',
    families: first('ip-address-type') ?? 'ipv4',
    subnets: listOf(first('subnets')).toSorted(),
    groups: listOf(first('security-groups')),
    ports: ports
      .sort((a, b) => a - b)
      .map((port) => {
        const ranges = listOf(first('inbound-cidrs', at(port))).toSorted();
        const lists = listOf(first('security-group-prefix-lists', at(port))).toSorted();
        const everybody = ranges.length === 0 && lists.length === 0;
        return {
          port,
          protocol: at(port).map((one) => protocolsOf(one).get(port))[0],
          ranges: everybody ? ['0.0.0.0/0', '::/0'] : ranges,
          lists,
          rules: order.filter((one) => at(port).includes(one)).map(({ name }) => name),
        };
      }),
  };
}

const built = ({ balancer, listeners }: HttpProxy) => ({
  scheme: balancer?.scheme,
  families: balancer?.families,
  subnets: (balancer?.subnets ?? []).toSorted(),
  groups: balancer?.securityGroups ?? [],
  ports: (balancer?.ports ?? [])
    .toSorted((a, b) => a.port - b.port)
    .map(({ port, protocol, sourceRanges, prefixLists }) => ({
      port,
      protocol,
      ranges: sourceRanges.map(formatCidr).sort(),
      lists: prefixLists.toSorted(),
      rules: (listeners.find((one) => one.port === port)?.rules ?? []).map(
        ({ source }) => source.name,
      ),
    })),
});

test('random groups are merged, or refused, as the table says', () => {
  const counts = { refused: 0, built: 0 };
  for (let seed = 1; seed <= 400; seed += 1) {
    const dice = diceOf(seed);
    const members = dice.some(1, 4, (i) => randomMember(dice, i));
    const wanted = expected(members);
    const reading = readCase(members.map(manifest).join('\n---\n'));
    const proxy =
      reading.kind === 'read'
        ? reading.value.http?.proxies.find(({ kind }) => kind === 'alb')
        : undefined;
    const seen = proxy === undefined ? 'refused' : built(proxy);
    expect({ seed, members, seen }).toEqual({ seed, members, seen: wanted });
    counts[wanted === 'refused' ? 'refused' : 'built'] += 1;
  }
  expect(counts.refused).toBeGreaterThan(50);
  expect(counts.built).toBeGreaterThan(100);
});
