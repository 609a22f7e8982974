import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { readConfig } from '../../../lib/cloud/config/config';
import { DEFAULT_KUBERNETES } from '../../../lib/cloud/config/versions';
import { formatCidr } from '../../../lib/model/address';

// Synthesis is seconds of work, and the machine may have other work too.
jest.setTimeout(120_000);

const NOW = new Date('2026-11-21T10:00:00.250Z');

/** The configuration of a context that must be fine. */
function configOf(context: Readonly<Record<string, unknown>>) {
  const reading = readConfig(context, NOW);
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems));
  return reading.value;
}

/** Problems of a context, as `key: problem`. */
function problemsOf(context: Readonly<Record<string, unknown>>): readonly string[] {
  const reading = readConfig(context, NOW);
  return reading.kind === 'read'
    ? []
    : reading.problems.map(({ path, problem }) => `${path}: ${problem}`);
}

test('no context at all is the first lab, small, for eight hours, with a closed API', () => {
  const { vpcCidr, podCidr, kubernetes, ...config } = configOf({});
  expect({ ...config, vpcCidr: formatCidr(vpcCidr), podCidr: formatCidr(podCidr) }).toEqual({
    lab: 'k8s-5-network-policy',
    as: '',
    name: 'k8s-5-network-policy',
    size: 'small',
    ttlHours: 8,
    // A quarter of a second after ten: the next full hour after eight hours.
    expires: '2026-11-21T19:00:00Z',
    owner: 'unnamed',
    admin: [],
    allowedCidrs: [],
    publicApi: false,
    privateOnly: false,
    vpcCidr: '10.0.0.0/16',
    podCidr: '100.64.0.0/16',
    ipv6: false,
    nat: 'single',
    zoneCount: 2,
    zones: [],
  });
  expect(kubernetes.version).toBe(DEFAULT_KUBERNETES);
});

test.each`
  context                                                    | expected
  ${{ size: 'production' }}                                  | ${{ nat: 'per-zone', zoneCount: 3 }}
  ${{ size: 'production', nat: 'regional' }}                 | ${{ nat: 'regional', zoneCount: 3 }}
  ${{ size: 'production', zones: 'us-west-1a, us-west-1c' }} | ${{ zoneCount: 2, zones: ['us-west-1a', 'us-west-1c'] }}
  ${{ ttl: '2h', owner: 'ana' }}                             | ${{ ttlHours: 2, owner: 'ana', expires: '2026-11-21T13:00:00Z' }}
  ${{ privateOnly: true, ipv6: 'true' }}                     | ${{ privateOnly: true, ipv6: true }}
  ${{ '@aws-cdk/core:anything': 1, 'aws:cdk:x': 2 }}         | ${{ size: 'small' }}
`('$context is understood', ({ context, expected }) => {
  expect(configOf(context)).toMatchObject(expected);
});

describe('broken configurations: every problem, and nothing else', () => {
  const everybody = '0.0.0.0/0';
  test.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    [
      'a key nobody reads',
      { vpcCdir: '10.0.0.0/16' },
      ["vpcCdir: nothing reads the context key 'vpcCdir'"],
    ],
    [
      'a lab that does not run on EKS',
      { lab: 'linux-1-veth' },
      ["lab: no lab 'linux-1-veth' runs on EKS"],
    ],
    [
      'pods inside the VPC',
      { vpcCidr: '10.64.0.0/16', podCidr: '10.64.0.0/18' },
      [
        'podCidr: 10.64.0.0/18 is outside 100.64.0.0/10, the one range every VPC may add',
        "podCidr: 10.64.0.0/18 overlaps the VPC's 10.64.0.0/16",
      ],
    ],
    [
      'a VPC too small',
      { vpcCidr: '10.0.0.0/24' },
      ['vpcCidr: the subnets do not fit 10.0.0.0/24: a VPC here is /16 to /23'],
    ],
    [
      'a block with host bits',
      { vpcCidr: '10.0.0.1/16' },
      ["vpcCidr: '10.0.0.1/16' has host bits set"],
    ],
    [
      "the Services' addresses",
      { vpcCidr: '172.20.0.0/16' },
      ["vpcCidr: 172.20.0.0/16 overlaps 172.20.0.0/16, the Services' addresses"],
    ],
    [
      'no kubectl layer, and extended support',
      { kubernetes: '1.33' },
      [
        'kubernetes: no kubectl layer is installed for Kubernetes 1.33',
        'kubernetes: Kubernetes 1.33 is in extended support since 2026-07-29: six times the price',
      ],
    ],
    [
      'no Calico',
      { kubernetes: '1.37' },
      [
        'kubernetes: Kubernetes 1.37 is tested with Calico 3.33, whose definitions make a Helm release of 1,167 kB, and Helm stores a release in a Secret of at most 1,049 kB',
      ],
    ],
    [
      'an add-on that is not tested',
      { lab: 'gov-1-kyverno', kubernetes: '1.36' },
      [
        'kubernetes: gov-1-kyverno needs kyverno 3.7.2, tested with Kubernetes 1.32 to 1.35, not 1.36',
      ],
    ],
    [
      'a ttl without an owner',
      { ttl: '4h' },
      ['ttl: a ttl without an owner: other people in the account cannot see whose lab it is'],
    ],
    [
      'every address among those that are allowed',
      { allowedCidrs: `${everybody},${everybody}` },
      [
        `allowedCidrs: ${everybody} would open the cluster's API and its load balancers to everyone`,
      ],
    ],
    [
      'a door in a private API',
      { privateOnly: 'true', allowedCidrs: '203.0.113.7/32' },
      [
        'allowedCidrs: privateOnly=true gives the API no public endpoint, which allowedCidrs would open',
      ],
    ],
    [
      'a public API that is private',
      { privateOnly: 'true', publicApi: 'true' },
      ['publicApi: privateOnly=true gives the API no public endpoint, which publicApi would open'],
    ],
    [
      'a session where a role is asked for',
      { admin: 'arn:aws:sts::123456789012:assumed-role/Builder/ana' },
      [
        "admin: 'arn:aws:sts::123456789012:assumed-role/Builder/ana' is a session of the role Builder, and an access entry takes the role's own ARN",
      ],
    ],
    [
      'zones of two regions',
      { zones: 'us-east-1a,eu-west-1a' },
      ['zones: us-east-1a, eu-west-1a are in 2 regions'],
    ],
    [
      'one zone',
      { zones: 'us-east-1a' },
      ['zones: 1 zones are named, and the network has subnets in two or three'],
    ],
    [
      'an administrator without an ARN',
      { admin: 'ana' },
      ["admin: 'ana' is not the ARN of an IAM user or role"],
    ],
    [
      'IPv6 where pods have subnets',
      { lab: 'aws-3-vpc-cni', ipv6: 'true' },
      ['ipv6: aws-3-vpc-cni gives pods subnets of their own, which VPC CNI does for IPv4 only'],
    ],
    [
      'everything at once',
      { sizes: 1, size: 'huge', ttl: 'long', ipv6: 'yes', owner: 'a b', nat: 'none' },
      [
        "sizes: nothing reads the context key 'sizes'",
        "size: 'huge' is not known here",
        "ttl: 'long' is no number of hours",
        "owner: 'a b' cannot be the value of a tag",
        "ipv6: 'yes' is neither true nor false",
        "nat: 'none' is not known here",
      ],
    ],
  ])('%s', (_, context, expected) => {
    expect(problemsOf(context)).toEqual(expected);
  });

  test('every problem has a fix', () => {
    const reading = readConfig({ vpcCdir: '', lab: 'x', ttl: '99h', kubernetes: '2' }, NOW);
    const fixes = reading.kind === 'problems' ? reading.problems.map(({ fix }) => fix) : [];
    expect(fixes).toHaveLength(5);
    expect(fixes.filter((fix) => fix.length < 5)).toEqual([]);
    expect(fixes[0]).toBe('write -c vpcCidr=...');
  });

  test('a block of the wrong size is answered with one that lies in the same place', () => {
    const reading = readConfig({ vpcCidr: '10.0.1.0/24', podCidr: '100.96.0.0/12' }, NOW);
    const fixes = reading.kind === 'problems' ? reading.problems.map(({ fix }) => fix) : [];
    expect(fixes).toEqual(['write 10.0.0.0/23', 'write 100.96.0.0/16']);
  });

  test('a second VPC needs room behind the first', () => {
    const context = {
      lab: 'mc-1-two-clusters',
      vpcCidr: '10.255.0.0/16',
      podCidr: '100.127.0.0/16',
    };
    expect(problemsOf(context)).toEqual([
      'vpcCidr: mc-1-two-clusters puts a second VPC behind the first, and 11.0.0.0/16 cannot be one',
      'podCidr: mc-1-two-clusters puts a second pod block behind the first, and 100.128.0.0/16 cannot be one',
    ]);
  });

  test('an API for every address is a key of its own, and opens nothing else', () => {
    const { allowedCidrs, publicApi } = configOf({ publicApi: 'true' });
    expect({ allowedCidrs, publicApi }).toEqual({ allowedCidrs: [], publicApi: true });
  });

  test('the CDK app prints them, exits with 2 and writes nothing', () => {
    const out = join(mkdtempSync(join(tmpdir(), 'broken-')), 'cdk.out');
    const root = resolve(__dirname, '..', '..', '..');
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'bin/app.ts'], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, CDK_OUTDIR: out, CDK_CONTEXT_JSON: '{"lab":"k8s-5","ttl":"1h"}' },
    });
    expect(stderr).toContain("lab: no lab 'k8s-5' runs on EKS");
    expect(stderr).toContain('fix: add -c owner=<your name>');
    expect(status).toBe(2);
    expect(existsSync(out) ? readdirSync(out) : []).toEqual([]);
  });
});

test('a context never makes the reader throw, and a value comes only without a problem', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('10.0.0.0/16', 'true', '8h', '1.36', 'small'));
  const keys = ['lab', 'size', 'ttl', 'owner', 'allowedCidrs', 'kubernetes', 'vpcCidr', 'podCidr'];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...keys), text), (context) => {
      const reading = readConfig(context, NOW);
      expect(reading.kind === 'read' || reading.problems.length > 0).toBe(true);
    }),
  );
});
