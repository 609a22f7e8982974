import { EC2Client } from '@aws-sdk/client-ec2';
import type { Aws } from '../../lib/account/aws';
import { checkAddonVersions } from '../../lib/account/deploy/addon-versions';
import { checkAdmission } from '../../lib/account/deploy/admission';
import { checkLeftoverLogs } from '../../lib/account/deploy/leftover-logs';
import { checkQuotas } from '../../lib/account/deploy/quotas';
import { checkStanding } from '../../lib/account/deploy/standing';
import { vcpusOf } from '../../lib/account/deploy/vcpus';
import { checkZones, chooseZones, regionZones } from '../../lib/account/deploy/zones';
import { LAB_TAG, OWNER_TAG } from '../../lib/model/lab-tags';
import { labTemplates } from '../lab-templates';

/** An account that answers each command by its name; one that it does not know is refused. */
function accountThat(answers: Readonly<Record<string, unknown>>): Aws {
  const send = async (command: { readonly constructor: { readonly name: string } }) => {
    const { name } = command.constructor;
    if (!Object.hasOwn(answers, name)) throw new Error(`not authorized to perform ${name}`);
    const answer = answers[name];
    return typeof answer === 'function' ? answer(command) : answer;
  };
  return new Proxy({ region: 'us-east-1' } as unknown as Aws, {
    get: (target, key) =>
      key === 'region'
        ? target.region
        : // Paginators ask whether it is a client of their service.
          Object.assign(Object.create(EC2Client.prototype), { send, config: {} }),
  });
}

const zone = (name: string, ZoneId: string, more: object = {}) => ({
  ZoneName: name,
  ZoneId,
  State: 'available',
  OptInStatus: 'opt-in-not-required',
  ...more,
});
const region = (...AvailabilityZones: readonly object[]) =>
  accountThat({ DescribeAvailabilityZonesCommand: { AvailabilityZones } });

describe('zones', () => {
  // Names differ from account to account; what EKS refuses is known by the zone's id.
  test.each([
    ['us-east-1', 'use1-az3'],
    ['us-west-1', 'usw1-az2'],
    ['ca-central-1', 'cac1-az3'],
  ])('of %s the one with id %s is left out, whatever it is called', async (name, refused) => {
    const aws = region(
      zone(`${name}a`, refused),
      zone(`${name}b`, 'x-az1'),
      zone(`${name}c`, 'x-az4'),
    );
    const zones = await regionZones(aws);
    expect(zones).toEqual({ usable: [`${name}b`, `${name}c`], refused: [`${name}a`] });
    expect(chooseZones(zones, 3)).toEqual([`${name}b`, `${name}c`]);
    expect(await checkZones(aws)).toMatchObject([{ kind: 'fine' }]);
  });

  test('a zone that is impaired or not opted into is not taken', async () => {
    const zones = await regionZones(
      region(
        zone('eu-west-1a', 'euw1-az1', { State: 'impaired' }),
        zone('eu-west-1b', 'euw1-az2'),
        zone('eu-west-1c', 'euw1-az3', { OptInStatus: 'not-opted-in' }),
      ),
    );
    expect(zones).toEqual({ usable: ['eu-west-1b'], refused: ['eu-west-1a'] });
  });

  test('one zone stops the deployment; no permission does not', async () => {
    expect(await checkZones(region(zone('us-west-1a', 'usw1-az1')))).toMatchObject([
      { kind: 'problem', found: expect.stringContaining('a cluster needs two') },
    ]);
    expect(await checkZones(accountThat({}))).toMatchObject([{ kind: 'notice' }]);
  });
});

const templatesOf = (context: Readonly<Record<string, string>>) =>
  labTemplates(context).map(({ path, text }) => ({
    name: path.replace('.template.json', ''),
    body: JSON.parse(text),
  }));
const production = templatesOf({ lab: 'mc-1-two-clusters', size: 'production' });

describe('quotas', () => {
  test.each([
    ['t3.medium', 2],
    ['m6i.large', 2],
    ['m6i.xlarge', 4],
    ['c7g.4xlarge', 16],
  ])('%s has %i vCPUs', (type, vcpus) => expect(vcpusOf(type)).toBe(vcpus));

  const account = (vcpus: number, Reservations: readonly object[]) =>
    accountThat({
      GetServiceQuotaCommand: ({ input }: { input: { QuotaCode: string } }) => ({
        Quota: { Value: input.QuotaCode === 'L-1216C47A' ? vcpus : 100 },
      }),
      DescribeInstancesCommand: { Reservations },
      DescribeVpcsCommand: { Vpcs: [] },
      DescribeAddressesCommand: { Addresses: [] },
      DescribeNatGatewaysCommand: { NatGateways: [] },
      DescribeSubnetsCommand: { Subnets: [] },
    });
  const instance = (InstanceType: string, more: object = {}) => ({ InstanceType, ...more });

  test('two clusters of three m6i.large need twelve vCPUs, beside what runs already', async () => {
    const running = [
      instance('t3.large', { CpuOptions: { CoreCount: 1, ThreadsPerCore: 2 } }),
      instance('p4d.24xlarge'),
      instance('m5.large', { InstanceLifecycle: 'spot' }),
    ];
    const vcpus = async (limit: number) =>
      (await checkQuotas(account(limit, [{ Instances: running }]), production)).find(({ what }) =>
        what.startsWith('vCPUs'),
      );
    expect(await vcpus(14)).toMatchObject({ kind: 'fine', found: '2 of 14 used, 12 more needed' });
    expect(await vcpus(13)).toMatchObject({ kind: 'problem' });
  });
});

test('a log group that no stack owns stops the deployment, with the command that removes it', async () => {
  const wanted = { lab: 'zt-1-map', as: 'ana', owner: 'ana' };
  const logs = (...names: readonly string[]) => ({
    DescribeLogGroupsCommand: ({ input }: { input: { logGroupNamePrefix: string } }) => ({
      logGroups: names
        .filter((name) => name.startsWith(input.logGroupNamePrefix))
        .map((logGroupName) => ({ logGroupName })),
    }),
  });
  const gone = {
    DescribeStacksCommand: () => {
      throw Object.assign(new Error('Stack does not exist'), { name: 'ValidationError' });
    },
  };
  const left = accountThat({ ...gone, ...logs('/aws/eks/zt-1-map-ana/cluster') });
  expect(await checkLeftoverLogs(left, wanted)).toMatchObject([
    { kind: 'problem', fix: 'lab sweep zt-1-map-ana --region us-east-1' },
  ]);
  const others = accountThat({ ...gone, ...logs('/aws/eks/zt-1-map-ana/cluster-of-another') });
  expect(await checkLeftoverLogs(others, wanted)).toEqual([]);
  const Stacks = [{ StackName: 'zt-1-map-ana-cluster', StackStatus: 'CREATE_COMPLETE' }];
  const standing = accountThat({
    DescribeStacksCommand: { Stacks },
    ...logs('/aws/eks/zt-1-map-ana/cluster'),
  });
  expect(await checkLeftoverLogs(standing, wanted)).toEqual([]);
});

describe('the name', () => {
  const wanted = { lab: 'zt-1-map', as: '', owner: 'ana' };
  const tags = (owner: string, lab = 'zt-1-map') =>
    Object.entries({ [LAB_TAG]: lab, [OWNER_TAG]: owner }).map(([Key, Value]) => ({ Key, Value }));
  const taken = (StackStatus: string, Tags: readonly object[]) => {
    const Stacks = [{ StackName: 'zt-1-map-cluster', StackStatus, Tags }];
    return checkStanding(accountThat({ DescribeStacksCommand: { Stacks } }), wanted);
  };

  test.each([
    ['one’s own lab', 'CREATE_COMPLETE', tags('ana'), 'notice', 'ana runs it here already'],
    ['one’s own, going', 'DELETE_IN_PROGRESS', tags('ana'), 'problem', 'is being deleted'],
    ['another’s', 'CREATE_COMPLETE', tags('ben'), 'problem', 'ben runs it here'],
    ['no lab’s', 'CREATE_COMPLETE', tags('ana', 'other'), 'problem', 'belongs to no lab'],
  ])('%s: %s', async (_, status, Tags, kind, found) => {
    expect(await taken(status, Tags)).toMatchObject([
      { kind, found: expect.stringContaining(found) },
    ]);
  });

  test.each([
    ['free', {}, 'fine'],
    ['taken by a cluster without stacks', { cluster: { name: 'zt-1-map' } }, 'problem'],
  ])('%s', async (_, answer, kind) => {
    const gone = (name: string) => () => {
      throw Object.assign(new Error('it does not exist'), { name });
    };
    const account = accountThat({
      DescribeStacksCommand: gone('ValidationError'),
      DescribeClusterCommand: 'cluster' in answer ? answer : gone('ResourceNotFoundException'),
    });
    expect(await checkStanding(account, wanted)).toMatchObject([{ kind }]);
  });
});

describe('add-on versions', () => {
  const offering = (...versions: readonly string[]) =>
    accountThat({
      DescribeAddonVersionsCommand: {
        addons: [{ addonVersions: versions.map((addonVersion) => ({ addonVersion })) }],
      },
    });

  test('one that EKS does not offer for this Kubernetes stops the deployment', async () => {
    const findings = await checkAddonVersions(offering('v1.23.0-eksbuild.1'), production);
    const problems = findings.filter(({ kind }) => kind === 'problem');
    expect(problems.map(({ what }) => what).sort()).toEqual([
      'add-on coredns',
      'add-on eks-pod-identity-agent',
      'add-on kube-proxy',
    ]);
    expect(problems[0]?.fix).toContain('aws eks describe-addon-versions');
  });

  test('an account that names none, or may not be asked, stops nothing', async () => {
    for (const aws of [offering(), accountThat({})]) {
      const kinds = (await checkAddonVersions(aws, production)).map(({ kind }) => kind);
      expect(new Set(kinds)).toEqual(new Set(['notice']));
    }
  });
});

test('preflight stops a deployment that would not admit who deploys', () => {
  const admin = 'arn:aws:iam::123456789012:role/team/Builder';
  const templates = templatesOf({ lab: 'mc-1-two-clusters', size: 'small', admin });
  expect(checkAdmission(admin, templates)).toMatchObject([{ kind: 'fine' }]);
  const [finding] = checkAdmission('arn:aws:iam::123456789012:role/Builder', templates);
  expect(finding).toMatchObject({ kind: 'problem', found: expect.stringContaining('401') });
  expect(checkAdmission('anyone', templatesOf({ lab: 'aws-1-vpc' }))).toEqual([]);
});
