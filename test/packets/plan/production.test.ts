import { planWorld } from '../../../lib/dataplane/plan';
import { probeOf } from '../../../lib/dataplane/probes';
import { ip } from '../../../lib/model/address';
import type { FlowEnd } from '../../../lib/model/flow';
import { verdictOf } from '../../../lib/model/observation';
import { parseRuleName } from '../../../lib/model/rule-name';
import { openSandbox, type Sandbox } from '../../../lib/runtime/sandbox/sandbox';
import { vpcWorld } from '../../build/production-vpc';
import { VPC_FLOWS, type VpcFlow } from '../../build/production-vpc-flows';
import { describePackets } from '../kernel';

function endOf(text: string): FlowEnd {
  if (text === 'internet') return { kind: 'internet' };
  const [kind, rest = ''] = text.split(':');
  if (kind === 'ip') return { kind: 'ip', address: ip(rest) };
  if (kind === 'node') return { kind: 'node', name: rest };
  const [namespace = '', name = ''] = text.split('/');
  return { kind: 'pod', namespace, name };
}

const flowOf = ({ from, to, protocol, port }: VpcFlow) => ({
  from: endOf(from),
  to: endOf(to),
  protocol,
  port,
});

describePackets('the production VPC, by real packets', () => {
  let sandbox: Sandbox;
  const world = vpcWorld();
  const flows = VPC_FLOWS.map(flowOf);
  beforeAll(async () => {
    sandbox = await openSandbox({ mode: 'tied' });
    const extraAddresses = flows.flatMap(({ from, to }) =>
      [from, to].flatMap((end) => (end.kind === 'ip' ? [end.address] : [])),
    );
    await sandbox.run(planWorld(world, { extraAddresses }));
  });
  afterAll(() => sandbox.close());

  test('every flow is what the table says', async () => {
    const probes = flows.map((flow) => probeOf(world, flow));
    const observed = await sandbox.probe(probes, { timeoutMs: 300, trace: 'off' });
    const seen = VPC_FLOWS.map(({ id }, i) => {
      const { outcome, reason } = observed[i] ?? { outcome: 'unsupported' };
      return { id, verdict: verdictOf(outcome), reason };
    });
    // A protocol that this kernel lacks is no answer, and says so.
    const expected = VPC_FLOWS.map(({ id, verdict }, i) => {
      const reason = seen[i]?.reason;
      return { id, verdict: reason === undefined ? verdict : 'unknown', reason };
    });
    expect(seen).toEqual(expected);
    expect(seen.filter(({ reason }) => reason === undefined).length).toBeGreaterThanOrEqual(60);
  });

  test('what is denied is dropped by whom the table names, and the kernel says so', async () => {
    // A token whose last hop is used up is dropped by the node's own stack, and no rule says so.
    const denied = VPC_FLOWS.filter(
      ({ verdict, by }) => verdict === 'denied' && by[0]?.object !== 'metadata',
    );
    const probes = denied.map((flow) => probeOf(world, flowOf(flow)));
    const observed = await sandbox.probe(probes, { timeoutMs: 300, trace: 'on' });
    const named = denied.map(({ id }, i) => ({
      id,
      by: (observed[i]?.trace ?? [])
        .filter(({ verdict }) => verdict === 'drop')
        .map(({ comment }) => parseRuleName(comment)?.object ?? comment)[0],
    }));
    const answered = named.filter((_, i) => observed[i]?.reason === undefined);
    const expected = denied
      .filter((_, i) => observed[i]?.reason === undefined)
      .map(({ id, by }) => ({ id, by: by[0]?.object }));
    expect(answered).toEqual(expected);
    expect(answered.length).toBeGreaterThan(20);
  });
});
