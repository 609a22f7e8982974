import { DescribeClusterCommand } from '@aws-sdk/client-eks';
import { awsAccount } from '../../lib/account/teardown/aws-account';
import { planSweep } from '../../lib/account/teardown/sweep';
import { describeNode } from '../targets/cluster/real/describe';
import { openRehearsal, type Rehearsal, type Said } from './house';

const LAB = 'k8s-5-network-policy';

/**
 * A lab on EKS from its first command to its last, as a person types them. Real: every command of
 * `lab`, the templates, the token, its verifier (aws-iam-authenticator), Kubernetes' API server,
 * kubelet, containerd and the pods. Played: AWS by moto. Not there: Calico (this project's rules are
 * loaded in its place), Helm charts and functions, and what `account.ts` lists.
 */
describeNode('a lab on EKS, rehearsed', () => {
  let rehearsal: Rehearsal;
  const said: Said[] = [];
  const type = async (...args: readonly string[]): Promise<Said> => {
    const one = await rehearsal.lab(...args);
    said.push(one);
    return one;
  };

  beforeAll(async () => {
    rehearsal = await openRehearsal(LAB);
  });
  afterAll(async () => {
    if (rehearsal === undefined) return;
    const left = [...rehearsal.account.left].map(([kind, count]) => `${count} ${kind}`);
    const lines = said.map(
      ({ command, code, seconds }) =>
        `${seconds.toFixed(1).padStart(6)} s  exit ${code}  ${command}`,
    );
    console.log(
      [...lines, `not deployed, for moto lacks them: ${left.sort().join(', ')}`].join('\n'),
    );
    await rehearsal.stop();
  });

  test('lab up deploys, is admitted, and applies the first stage', async () => {
    const { code, stdout, stderr } = await type(
      ...['up', LAB, '--target', 'eks', '--allowed-cidrs', '203.0.113.7/32', '--owner', 'ana'],
      '--yes',
    );
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stderr).toContain(`access to the cluster: ${rehearsal.role} is its administrator`);
    expect(stderr).toContain('applying stage open');
    expect(stdout).not.toBe('');
    const { cluster } = await rehearsal.aws.eks.send(new DescribeClusterCommand({ name: LAB }));
    expect(cluster?.tags).toMatchObject({ 'eks-network-labs:lab': LAB });
    expect(rehearsal.sts.asked()).toBeGreaterThan(0);
  });

  test('lab check finds the first step undone', async () => {
    const { code, stdout, stderr } = await type('check');
    expect({ code, stderr }).toMatchObject({ code: 1 });
    expect(stdout).toContain('expected timed-out');
  });

  test('lab status says what stands, whose, and until when', async () => {
    const { code, stdout } = await type('status');
    expect(code).toBe(0);
    expect(stdout).toContain('ana');
  });

  test('lab solve and lab check: the step is done', async () => {
    expect(await type('solve')).toMatchObject({ code: 0 });
    const { code, stdout } = await type('check');
    expect({ code, stdout }).toMatchObject({ code: 0 });
  });

  test('lab stage moves on', async () => {
    const { code, stdout } = await type('stage', 'dns');
    expect({ code, stdout }).toMatchObject({ code: 0 });
  });

  test('a person without an access entry gets 401, in words', async () => {
    await rehearsal.authenticator.admit([]);
    const { code, stderr } = await type('check');
    expect(code).not.toBe(0);
    expect(stderr).toContain('401 Unauthorized');
    expect(stderr).toContain('access entry');
  });

  test('lab down leaves nothing', async () => {
    const { code, stdout, stderr } = await type('down');
    expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
    expect((await planSweep(awsAccount(rehearsal.aws), LAB)).ours).toEqual([]);
  });
});
