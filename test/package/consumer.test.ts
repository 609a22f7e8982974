import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

// A pack, an install and a synthesis: the machine may have other work too.
jest.setTimeout(240_000);

const root = resolve(__dirname, '../..');

/** A CDK app of another project: it knows nothing of labs. */
const APP = `
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { LabCluster, LabNetwork } from 'eks-network-labs/constructs';
import { createEngine, lint, readWorld } from 'eks-network-labs/judge';
import { synthesizeStage } from 'eks-network-labs/charts';

const stack = new Stack(new App(), 'Theirs');
const network = new LabNetwork(stack, 'Network', { vpcCidr: '10.20.0.0/16' });
new LabCluster(stack, 'Cluster', { network, clusterName: 'theirs' });

const template = Template.fromStack(stack);
template.hasResourceProperties('AWS::EC2::VPC', { CidrBlock: '10.20.0.0/16' });
template.resourceCountIs('AWS::EC2::NetworkAcl', 4);
template.hasResourceProperties('AWS::EKS::Cluster', {
  Name: 'theirs',
  AccessConfig: { AuthenticationMode: 'API', BootstrapClusterCreatorAdminPermissions: false },
  ResourcesVpcConfig: { EndpointPublicAccess: false },
});
template.hasResourceProperties('AWS::EKS::Addon', { AddonName: 'vpc-cni', AddonVersion: Match.anyValue() });

const text = synthesizeStage('k8s-5-network-policy', 'default-deny');
const reading = readWorld({ manifests: [{ path: 'stage.yaml', text }], templates: [], outside: [] });
if (reading.kind !== 'read') throw new Error(JSON.stringify(reading.problems));
const [from, to] = ['frontend-0', 'backend-0'].map((name) => ({ kind: 'pod', namespace: 'shop', name }) as const);
if (from === undefined || to === undefined) throw new Error('no pods');
const { verdict } = createEngine(reading.value, { staged: 'as-written' }).explain({ from, to, protocol: 'TCP', port: 8080 });
const findings = lint(reading.value).length;
console.log(JSON.stringify({ resources: Object.keys(template.toJSON().Resources).length, verdict, findings }));
`;

test('a packed tarball works in an empty CDK app: constructs, judge and charts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'consumer-'));
  try {
    execFileSync('npm', ['pack', '--pack-destination', folder, '--ignore-scripts'], {
      cwd: root,
      stdio: 'pipe',
    });
    const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    // Without a registry: the package is unpacked, and what it depends on is this project's own.
    const modules = join(folder, 'node_modules');
    mkdirSync(join(modules, 'eks-network-labs'), { recursive: true });
    const into = ['-C', join(modules, 'eks-network-labs'), '--strip-components=1'];
    execFileSync('tar', ['-xzf', join(folder, tarball), ...into]);
    for (const name of readdirSync(join(root, 'node_modules'))) {
      if (name !== 'eks-network-labs' && !name.startsWith('.bin')) {
        symlinkSync(join(root, 'node_modules', name), join(modules, name));
      }
    }
    writeFileSync(join(folder, 'package.json'), '{ "name": "theirs", "private": true }');
    writeFileSync(join(folder, 'app.ts'), APP);
    const started = performance.now();
    const out = execFileSync(process.execPath, ['--import', 'tsx', 'app.ts'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, CDK_VALIDATION: 'false' },
    });
    const told = JSON.parse(out.trim().split('\n').at(-1) ?? '');
    expect(told).toMatchObject({ verdict: 'denied' });
    expect(told.resources).toBeGreaterThan(100);
    console.log(
      `${told.resources} resources in ${((performance.now() - started) / 1000).toFixed(1)} s`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
