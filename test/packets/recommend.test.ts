import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { synthesizeStage } from '../../charts';
import { labs } from '../../labs';
import { type Flow, formatEnd } from '../../lib/model/flow';
import { prove } from '../../lib/proof/proof';
import { writeRecords } from '../../lib/proof/recording';
import { recommend } from '../../lib/recommend/recommend';
import { readRecords } from '../../lib/records/open/read';
import { openSandbox, type Sandbox } from '../../lib/runtime/sandbox/sandbox';
import { applicationFlows, matrixFlows } from '../../lib/session/application';
import { stageWorld } from '../../lib/session/lab-world';
import { bringUp } from '../../lib/targets/local/local';
import { newPerson } from '../cli/run';
import { describePackets } from './kernel';

const text = ({ from, to, protocol, port }: Flow): string =>
  `${formatEnd(from)} -> ${formatEnd(to)} ${protocol} ${port}`;

describePackets('the capstone, recorded and recommended', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox({ mode: 'tied' });
  });
  afterAll(() => sandbox.close());

  test('what its last stage lets through is what the recommended policies let through', async () => {
    const lab = labs.find(({ id }) => id === 'capstone');
    if (lab === undefined) throw new Error('there is no capstone');
    const [open, last] = [stageWorld(lab, 'open'), stageWorld(lab, 'egress')];
    const local = await bringUp(sandbox, last);

    const flows = applicationFlows(lab, last);
    const seen = await local.observe(flows, 'off');
    const { lines } = writeRecords(last, { flows, seen, at: new Date() }, 'calico');
    const reading = readRecords({ path: 'log', text: lines.join('\n') }, open);
    if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems));
    const recorded = reading.value.map(({ flow }) => flow);
    expect(recorded.map(text).sort()).toEqual(flows.map(text).sort());

    const { policies } = recommend(open, recorded, 'enforced');
    const yaml = policies.map((policy) => stringify(policy)).join('---\n');
    const closed = stageWorld(lab, 'open', { applied: [{ path: 'recommended.yaml', text: yaml }] });
    await local.moveTo(closed);
    const { flows: tried, differing } = await prove(local);
    expect({ differing, tried: tried > 100 }).toEqual({ differing: [], tried: true });

    const kept = await local.observe(recorded, 'off');
    expect(kept.map(({ outcome }) => outcome)).toEqual(recorded.map(() => 'connected'));
    // `other` has no flow and stays as it is; lookups go by TCP too.
    const own = /^(store|monitoring)\//;
    const rest = matrixFlows(closed).filter(
      (flow) =>
        !recorded.map(text).includes(text(flow)) &&
        flow.port !== 53 &&
        [flow.from, flow.to].some((end) => own.test(formatEnd(end))),
    );
    const outcomes = await local.observe(rest, 'off');
    expect(rest.filter((_, i) => outcomes[i]?.outcome !== 'timed-out').map(text)).toEqual([]);
  });
});

describePackets('lab flows and lab recommend, as they are typed', () => {
  const person = newPerson();
  afterAll(person.leave);
  const { folder, here } = person;

  test('a person’s own files: recorded, recommended, and the policies read by the same tool', async () => {
    writeFileSync(join(folder, 'app.yaml'), synthesizeStage('zt-1-map', 'open'));
    const asked = [
      { from: 'shop/web-0', to: 'svc:shop/api', protocol: 'TCP', port: 8080 },
      { from: 'shop/api-0', to: 'shop/db-0', protocol: 'TCP', port: 5432 },
    ];
    writeFileSync(join(folder, 'asked.jsonl'), asked.map((one) => JSON.stringify(one)).join('\n'));
    const given = ['--manifests', 'app.yaml'];

    const flows = await here(
      'flows',
      ...given,
      '--flows',
      'asked.jsonl',
      '--format',
      'calico',
      '--out',
      'log',
    );
    expect(flows).toMatchObject({ code: 0, out: '' });
    expect(flows.err).toContain('6 records, 0 flows not as predicted');
    expect(readFileSync(join(folder, 'log'), 'utf8').trim().split('\n')).toHaveLength(6);

    const written = person.lab('recommend', ...given, '--flows', 'log', '--enforced');
    expect(written.code).toBe(0);
    expect(written.err).toContain('3 flows seen: 3 kept, 0 lost');
    expect(written.err).toContain('  shop/Deployment/web -> shop/Deployment/api TCP 8080: 2 more');
    writeFileSync(join(folder, 'policies.yaml'), written.out);

    const compared = await here('compare', ...given, 'policies.yaml', '--flows', 'asked.jsonl');
    expect(compared).toMatchObject({ code: 0 });
    expect(compared.out).toContain('2 flows agree, 0 differ');
  });

  test('no VPC, no log of one; a broken log names its lines', async () => {
    const noVpc = await here(
      'flows',
      '--manifests',
      'app.yaml',
      '--flows',
      'asked.jsonl',
      '--format',
      'vpc',
    );
    expect(noVpc).toMatchObject({ code: 2, out: '' });
    expect(noVpc.err).toContain('name its templates with --template');
    writeFileSync(join(folder, 'broken'), '{"source_name":1}\nno\n');
    const broken = await here(
      'recommend',
      '--manifests',
      'app.yaml',
      '--flows',
      'broken',
      '--json',
    );
    expect(broken.code).toBe(2);
    expect(JSON.parse(broken.out).problems).toMatchObject([
      { file: 'broken', problem: expect.stringContaining('line 1') },
    ]);
  });
});
