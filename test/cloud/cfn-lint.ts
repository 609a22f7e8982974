import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readConfig } from '../../lib/cloud/config/config';
import { cloudLabIds, environmentOf } from '../../lib/cloud/config/environments';
import { PARTITION } from '../../lib/cloud/expiry/steps';
import { addLab, createDraft } from '../../lib/cloud/lab-app';

/**
 * Lints the templates of a lab of every environment with cfn-lint, which knows what regions offer
 * and reads policies and state machines too. `npm run test:cfn-lint`; not part of `npm test`,
 * because it installs a tool.
 */
const VERSION = '1.51.0';
const REGIONS = ['us-east-1', 'eu-central-1'];

/** Rules that say nothing about a lab, and why. */
const IGNORED = {
  W3005: 'the CDK library writes a dependency beside the reference that already makes one',
} as const;

const home = resolve(__dirname, '../../.cache', `cfn-lint-${VERSION}`);

function main(): void {
  const problem = install();
  if (problem !== undefined) {
    console.log(`cfn-lint skipped: ${problem}`);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'cfn-lint-'));
  try {
    const templates = synthesize(folder);
    const ignored = Object.keys(IGNORED).flatMap((rule) => ['--ignore-checks', rule]);
    // The script names its first home, from before the folder was renamed: Python reads it anyway.
    const script = join(home, 'bin', 'cfn-lint');
    const args = [script, '--format', 'parseable', ...ignored, '--regions', ...REGIONS];
    const python = join(home, 'bin', 'python');
    const { stdout, stderr, status } = spawnSync(python, [...args, '--template', ...templates], {
      encoding: 'utf8',
    });
    console.log(`${stdout}${stderr}`.replaceAll(`${folder}/`, ''));
    const reasons = Object.entries(IGNORED).map(([rule, why]) => `${rule} (${why})`);
    console.log(`cfn-lint ${VERSION}: ${templates.length} templates, ${REGIONS.join(' and ')}`);
    console.log(`not asked: ${reasons.join('; ')}`);
    console.log(status === 0 ? 'no errors, no warnings' : 'findings: see above');
    process.exitCode = status === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Installs the linter once into `.cache`; answers why it cannot. */
function install(): string | undefined {
  if (existsSync(join(home, 'bin', 'python'))) return undefined;
  const building = `${home}.${process.pid}`;
  try {
    mkdirSync(resolve(home, '..'), { recursive: true });
    execFileSync('python3', ['-m', 'venv', building], { stdio: 'pipe' });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    const python = join(building, 'bin', 'python');
    execFileSync(python, [...pip, `cfn-lint==${VERSION}`], { stdio: 'pipe', timeout: 300_000 });
    renameSync(building, home);
    return undefined;
  } catch (error) {
    rmSync(building, { recursive: true, force: true });
    return `it cannot be installed: ${error instanceof Error ? error.message : error}`;
  }
}

/** Templates of one lab an environment, in both sizes, and of the options; their paths. */
function synthesize(folder: string): readonly string[] {
  const kinds = new Map(cloudLabIds.map((lab) => [JSON.stringify(environmentOf(lab)), lab]));
  const contexts: readonly Readonly<Record<string, string>>[] = [
    ...[...kinds.values()].map((lab) => ({ lab })),
    { lab: 'capstone', size: 'production', privateOnly: 'true' },
    { lab: 'k8s-5-network-policy', ipv6: 'true', nat: 'regional', kubernetes: '1.36' },
    { lab: 'aws-5-path', size: 'production', allowedCidrs: '203.0.113.7/32' },
  ];
  return contexts.flatMap((context, i) => {
    const config = readConfig(context, new Date());
    if (config.kind === 'problems') throw new Error(JSON.stringify(config.problems));
    const outdir = join(folder, `${i}`);
    const app = createDraft(outdir);
    addLab(app, config.value);
    app.synth();
    const names = readdirSync(outdir).filter((name) => name.endsWith('.template.json'));
    return names.map((name) => substituted(join(outdir, name)));
  });
}

/** Puts in what the state machine's definition leaves open, as CloudFormation will. */
function substituted(path: string): string {
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replaceAll(`\${${PARTITION}}`, 'aws'));
  return path;
}

main();
