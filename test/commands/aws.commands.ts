import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { installMoto, type Moto, startMoto } from '../account/aws/moto';
import { describeUnless } from '../skip';
import { wayOf } from './how-tried';
import { textLines } from './texts';

/** AWS' own command line. */
const AWSCLI = '1.46.3';
const cache = resolve(__dirname, '../../.cache');
const home = join(cache, `awscli-${AWSCLI}`);

/** Installs it once into `.cache`; answers why it cannot. */
function installCli(): string | undefined {
  if (existsSync(home)) return undefined;
  const building = `${home}.${process.pid}`;
  try {
    mkdirSync(cache, { recursive: true });
    execFileSync('python3', ['-m', 'venv', building], { stdio: 'pipe' });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    const python = join(building, 'bin/python');
    execFileSync(python, [...pip, `awscli==${AWSCLI}`], { stdio: 'pipe', timeout: 300_000 });
    renameSync(building, home);
    return undefined;
  } catch (error) {
    rmSync(building, { recursive: true, force: true });
    return `${error instanceof Error ? error.message : error}`;
  }
}

const problem = installCli() ?? installMoto();
if (problem !== undefined && process.env.CI === 'true') throw new Error(problem);
const withCli = describeUnless(problem);

const commands = textLines.filter((line) => wayOf(line, 'elsewhere') === 'aws');

/** What an empty account answers to ids that the texts make up; everything else is an error. */
const EMPTY = /TargetGroupNotFound|^$/;

/** Where the emulator has no such call: the options are checked, and nothing is sent. */
const UNSENT = ['ssm start-session'];

withCli("commands of the texts, by AWS' own command line", () => {
  let moto: Moto;
  beforeAll(async () => {
    moto = await startMoto();
  });
  afterAll(() => moto.stop());

  const type = (line: string, ...more: readonly string[]) =>
    spawnSync(
      join(home, 'bin/python'),
      [join(home, 'bin/aws'), ...line.split(' ').slice(1), ...more],
      {
        encoding: 'utf8',
        env: {
          PATH: process.env.PATH,
          AWS_ACCESS_KEY_ID: 'test',
          AWS_SECRET_ACCESS_KEY: 'test',
          AWS_DEFAULT_REGION: 'us-east-1',
          AWS_EC2_METADATA_DISABLED: 'true',
          AWS_ENDPOINT_URL: moto.endpoint,
        },
      },
    );

  test.each(commands)('$id: $line', ({ line }) => {
    const unsent = UNSENT.some((call) => line.startsWith(`aws ${call}`));
    const more = unsent ? ['--generate-cli-skeleton', 'output'] : [];
    const { stderr } = type(line, ...more);
    expect(stderr.trim()).toMatch(EMPTY);
  });

  test('a misspelt option is noticed, sent or not', () => {
    expect(type('aws ec2 describe-vpcs --filter-by x').stderr).toMatch(/Unknown options/);
    const unsent = 'aws ssm start-session --targets i-0 --generate-cli-skeleton output';
    expect(type(unsent).stderr).not.toMatch(EMPTY);
  });
});
