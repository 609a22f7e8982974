import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { CfnSubnet } from 'aws-cdk-lib/aws-ec2';
import { addLab, createApp } from '../../lib/cloud/lab-app';
import { synthesizeTemplates } from '../../lib/session/synthesize';
import { configOf } from '../synthesis';

// Synthesis is seconds of work, and the machine may have other work too.
jest.setTimeout(120_000);

// The other tests do without: it costs seconds an app.
process.env.CDK_VALIDATION = 'true';

interface Violation {
  readonly ruleName: string;
  readonly severity?: string;
  readonly violatingConstructs: readonly { readonly constructPath?: string }[];
}

/** What the validation built into the library finds worse than a remark: `rule: construct`. */
function violations(build: (app: ReturnType<typeof createApp>) => void): readonly string[] {
  const outdir = mkdtempSync(join(tmpdir(), 'validated-'));
  try {
    const app = createApp(outdir);
    app.node.setContext('aws:cdk:disable-asset-staging', true);
    build(app);
    expect(() => app.synth()).toThrow(/validation/i);
    const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
    return report.pluginReports
      .flatMap((plugin: { violations?: readonly Violation[] }) => plugin.violations ?? [])
      .filter(({ severity }: Violation) => severity !== 'info')
      .map(
        ({ ruleName, violatingConstructs }: Violation) =>
          `${ruleName}: ${violatingConstructs.map(({ constructPath }) => constructPath).join(', ')}`,
      );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

test('pricing the lab first leaves the validation on', () => {
  synthesizeTemplates('aws-1-vpc');
  expect(process.env.CDK_VALIDATION).toBe('true');
});

// One app for both: its engine takes seconds to start, and a report without the careless subnet
// would say that nothing was looked at.
test('in a lab with everything, the library finds the careless subnet beside it and nothing else', () => {
  const found = violations((app) => {
    addLab(app, configOf({ lab: 'capstone', size: 'production', allowedCidrs: '203.0.113.7/32' }));
    const careless = new Stack(app, 'Careless');
    new CfnSubnet(careless, 'Subnet', { vpcId: 'vpc-1', cidrBlock: '10.0.0.0/33' });
  });
  expect(found).toEqual([expect.stringMatching(/^[EW]\d+: Careless\/Subnet$/)]);
});
