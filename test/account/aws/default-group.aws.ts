import {
  CreateVpcCommand,
  DescribeSecurityGroupsCommand,
  type IpPermission,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import type { Aws } from '../../../lib/account/aws';
import { resources, synthesize } from '../../cloud/synthesized';
import { describeUnless } from '../../skip';
import { type Moto, startMoto, testAws } from './moto';

const withMoto = describeUnless(process.env.NO_MOTO);

/** A schedule's target, as EventBridge Scheduler calls it: an API and its parameters. */
interface Call {
  readonly api: string;
  readonly input: { readonly GroupId: string; readonly IpPermissions: IpPermission[] };
}

withMoto('the schedules of the network stack, called by hand', () => {
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

  test('they empty a default security group as EC2 makes it', async () => {
    const { Vpc } = await aws.ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
    const group = await defaultGroup(Vpc?.VpcId ?? '');
    expect(group?.IpPermissionsEgress).toHaveLength(1);

    const calls = callsOf(group?.GroupId ?? '');
    expect(calls.map(({ api }) => api)).toEqual(['Ingress', 'Egress']);
    for (const { api, input } of calls) {
      if (api === 'Egress') await aws.ec2.send(new RevokeSecurityGroupEgressCommand(input));
      // Unlike EC2, the emulator makes the group without its rule for members.
      else if (group?.IpPermissions?.length) {
        await aws.ec2.send(new RevokeSecurityGroupIngressCommand(input));
      }
    }
    const emptied = await defaultGroup(Vpc?.VpcId ?? '');
    expect({ in: emptied?.IpPermissions, out: emptied?.IpPermissionsEgress }).toEqual({
      in: [],
      out: [],
    });
  });

  async function defaultGroup(vpc: string) {
    const Filters = [
      { Name: 'vpc-id', Values: [vpc] },
      { Name: 'group-name', Values: ['default'] },
    ];
    const { SecurityGroups } = await aws.ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
    return SecurityGroups?.[0];
  }
});

/** The calls that the template's schedules make, for this group. */
function callsOf(groupId: string): readonly Call[] {
  const lab = synthesize({ lab: 'aws-1-vpc' });
  return resources(lab, 'network', 'AWS::Scheduler::Schedule').map(({ Properties }) => {
    const joined: readonly (string | object)[] = Properties.Target.Input['Fn::Join'][1];
    const input = joined.map((part) => (typeof part === 'string' ? part : groupId)).join('');
    const api = JSON.stringify(Properties.Target.Arn).replace(/.*revokeSecurityGroup(\w+).*/, '$1');
    return { api, input: JSON.parse(input) };
  });
}
