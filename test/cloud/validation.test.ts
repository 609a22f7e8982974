import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { CfnSubnet } from 'aws-cdk-lib/aws-ec2';
import { synthesizeTemplates } from '../../lib/cli/synthesize';
import { addLab, createApp } from '../../lib/cloud/lab-app';
import { configOf } from './synthesized';

// Synthesis is seconds of work, and the machine may have other work too.
jest.setTimeout(120_000);

// The other tests do without: it costs seconds a stack.
process.env.CDK_VALIDATION = 'true';

const folder = mkdtempSync(join(tmpdir(), 'validated-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the validation built into the library says of an app: `rule: construct`. */
function validate(build: (app: ReturnType<typeof createApp>) => void, name: string) {
  const outdir = join(folder, name);
  const app = createApp(outdir);
  app.node.setContext('aws:cdk:disable-asset-staging', true);
  build(app);
  try {
    app.synth();
  } catch (error) {
    if (!/validation/i.test(String(error))) throw error;
  }
  return JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
}

/** Everything worse than a remark, in every plugin's part of the report. */
const violations = (report: {
  pluginReports: readonly { violations?: readonly { ruleName: string; severity?: string }[] }[];
}) =>
  report.pluginReports
    .flatMap((plugin) => plugin.violations ?? [])
    .filter(({ severity }) => severity !== 'info');

test('the library finds no error and no warning in any stack of a lab with everything', () => {
  const report = validate((app) => {
    addLab(app, configOf({ lab: 'capstone', size: 'production', allowedCidrs: '203.0.113.7/32' }));
  }, 'capstone');
  expect(violations(report)).toEqual([]);
});

test('pricing the lab first leaves the validation on', () => {
  synthesizeTemplates('aws-1-vpc');
  expect(process.env.CDK_VALIDATION).toBe('true');
});

test('it is awake: it finds a subnet without a VPC', () => {
  const report = validate((app) => {
    const stack = new Stack(app, 'Careless');
    new CfnSubnet(stack, 'Subnet', { vpcId: 'vpc-1', cidrBlock: '10.0.0.0/33' });
  }, 'careless');
  expect(violations(report).map(({ ruleName }) => ruleName)).not.toEqual([]);
});
