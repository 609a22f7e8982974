/** Who carries a group, and somebody outside; the addresses lie where the default layout puts them. */
export const ADDRESS = {
  nodes: '10.0.0.10',
  'nodes-b': '10.0.32.10',
  'control-plane': '10.0.192.4',
  'load-balancers': '10.0.128.10',
  endpoints: '10.0.0.20',
  'pods-web': '10.0.0.30',
  'pods-db': '10.0.0.40',
  somebody: '10.0.0.99',
  pod: '100.64.0.10',
  allowed: '203.0.113.7',
  internet: '198.51.100.7',
} as const;

export type Who = keyof typeof ADDRESS;

/** `from -> to protocol port`. */
export type Call = readonly [from: Who, to: Who, protocol: 'TCP' | 'UDP', port: number];

const ANYTHING: readonly Call[] = [
  ['nodes', 'nodes-b', 'TCP', 8080],
  ['nodes', 'nodes-b', 'UDP', 53],
];
const CLUSTER: readonly Call[] = [
  ['nodes', 'control-plane', 'TCP', 443],
  ['control-plane', 'nodes', 'TCP', 10250],
  ['control-plane', 'nodes', 'TCP', 5443],
  ['nodes', 'internet', 'TCP', 443],
  ['nodes', 'internet', 'TCP', 80],
];

/** Each lab's calls that must work; together they need every rule of its groups. */
export const LABS: readonly {
  readonly lab: string;
  readonly context: Readonly<Record<string, string>>;
  readonly mustWork: readonly Call[];
  readonly mustFail: readonly Call[];
}[] = [
  {
    lab: 'k8s-5-network-policy',
    context: {},
    mustWork: [...ANYTHING, ...CLUSTER],
    mustFail: [
      ['internet', 'nodes', 'TCP', 443],
      ['nodes', 'internet', 'TCP', 22],
      ['nodes', 'internet', 'UDP', 53],
      ['control-plane', 'internet', 'TCP', 443],
      ['control-plane', 'nodes', 'TCP', 22],
      ['somebody', 'control-plane', 'TCP', 443],
      ['somebody', 'nodes', 'TCP', 8080],
      ['nodes', 'control-plane', 'TCP', 10250],
    ],
  },
  {
    lab: 'capstone',
    context: { allowedCidrs: '203.0.113.7/32' },
    mustWork: [
      ...ANYTHING,
      ...CLUSTER,
      ['control-plane', 'nodes', 'TCP', 9443],
      ['allowed', 'load-balancers', 'TCP', 80],
      ['allowed', 'load-balancers', 'TCP', 443],
      ['somebody', 'load-balancers', 'TCP', 80],
      ['somebody', 'load-balancers', 'TCP', 443],
      ['pod', 'load-balancers', 'TCP', 80],
      ['pod', 'load-balancers', 'TCP', 443],
      ['load-balancers', 'nodes', 'TCP', 80],
      ['load-balancers', 'nodes', 'TCP', 8080],
      ['load-balancers', 'nodes', 'TCP', 8443],
      ['load-balancers', 'nodes', 'TCP', 30080],
    ],
    mustFail: [
      ['internet', 'load-balancers', 'TCP', 443],
      ['allowed', 'nodes', 'TCP', 30080],
      ['load-balancers', 'control-plane', 'TCP', 443],
      ['load-balancers', 'nodes', 'TCP', 10250],
      ['load-balancers', 'internet', 'TCP', 443],
    ],
  },
  {
    lab: 'aws-3-vpc-cni',
    context: { privateOnly: 'true' },
    mustWork: [
      ...ANYTHING,
      ...CLUSTER,
      ['somebody', 'endpoints', 'TCP', 443],
      ['pod', 'endpoints', 'TCP', 443],
      ['pods-web', 'pods-db', 'TCP', 5432],
      ['nodes', 'pods-web', 'TCP', 8080],
      ['pods-web', 'nodes', 'UDP', 53],
      ['pods-web', 'nodes', 'TCP', 53],
      ['pods-db', 'nodes', 'UDP', 53],
      ['pods-db', 'nodes', 'TCP', 53],
    ],
    mustFail: [
      ['nodes', 'pods-db', 'TCP', 5432],
      ['pods-db', 'pods-web', 'TCP', 8080],
      ['pods-db', 'internet', 'TCP', 443],
      ['pods-web', 'nodes', 'TCP', 8080],
      ['internet', 'endpoints', 'TCP', 443],
      ['endpoints', 'internet', 'TCP', 443],
    ],
  },
];
