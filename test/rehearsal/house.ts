import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { BootstrapEnvironments, Toolkit } from '@aws-cdk/toolkit-lib';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import type { Aws } from '../../lib/account/aws';
import { progressHost } from '../../lib/account/deploy/events';
import type { Template } from '../../lib/account/template';
import { systemClock as clock } from '../../lib/model/clock';
import { applyStage } from '../../lib/targets/cluster/apply';
import { waitUntilRolledOut } from '../../lib/targets/cluster/rollout';
import { type Moto, startMoto, testAws } from '../account/aws/moto';
import { type ControlPlane, startControlPlane } from '../targets/cluster/real/control-plane';
import { clusterDns } from '../targets/cluster/real/dns';
import { type Enforcer, startEnforcer } from '../targets/cluster/real/enforcer';
import { type Machine, openMachine } from '../targets/cluster/real/machine';
import { startNode } from '../targets/cluster/real/node';
import { type Account, openAccount } from './account';
import { mappingOf } from './admitted';
import { type Authenticator, startAuthenticator } from './authenticator';
import { bridgeInto } from './bridge';
import { type Sts, startSts } from './sts';

/** How a command of `lab` ended. */
export interface Said {
  readonly command: string;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** An account, a cluster, and a person who is signed in and types. */
export interface Rehearsal {
  readonly account: Account;
  readonly authenticator: Authenticator;
  readonly sts: Sts;
  readonly aws: Aws;
  /** ARN of the role that the person is signed in as. */
  readonly role: string;
  lab(...args: readonly string[]): Promise<Said>;
  stop(): Promise<void>;
}

const REGION = 'us-east-1';
const ACCOUNT = '123456789012';
const ROLE = 'Builder';
const PORT = 21362;

/** Another checkout of this project, to see how its `lab` fares. */
const ROOT = process.env.REHEARSAL_ROOT ?? resolve(__dirname, '../..');

/** Everything that a lab on EKS stands on, on this machine. */
export async function openRehearsal(cluster: string): Promise<Rehearsal> {
  const ends: (() => Promise<unknown> | unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of ends.toReversed()) await end();
  };
  try {
    const folder = mkdtempSync(join(tmpdir(), 'lab-rehearsal-'));
    ends.push(() => rmSync(folder, { recursive: true, force: true }));
    const moto: Moto = await startMoto();
    ends.push(() => moto.stop());
    const aws = testAws(moto.endpoint);
    ends.push(() => aws.close());
    const signedIn = await signIn(aws, moto.endpoint);
    const sts = await startSts(moto.endpoint, folder);
    ends.push(() => sts.stop());
    const machine = await openMachine();
    ends.push(() => machine.stop());
    const { plane, authenticator } = await startCluster({ machine, sts, cluster, ends });
    const { server, certificateAuthority } = endpointOf(plane);
    const admit = async (templates: readonly Template[]): Promise<void> =>
      authenticator.admit(await mappingOf(aws, templates));
    const account = await openAccount({
      moto: moto.endpoint,
      aws,
      cluster: { server, certificateAuthority },
      onCluster: admit,
    });
    ends.push(() => account.stop());
    const env = {
      ...process.env,
      ...signedIn.credentials,
      AWS_ENDPOINT_URL: account.endpoint,
      AWS_REGION: REGION,
      XDG_STATE_HOME: join(folder, 'state'),
      NO_COLOR: '1',
    };
    const lab: Rehearsal['lab'] = (...args) => runLab(args, env);
    return { account, authenticator, sts, aws, role: signedIn.role, lab, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Start {
  readonly machine: Machine;
  readonly sts: Sts;
  readonly cluster: string;
  readonly ends: (() => Promise<unknown> | unknown)[];
}

/** A node with kubelet and containerd, and an API server that asks the authenticator who comes. */
async function startCluster({ machine, sts, cluster, ends }: Start) {
  const { folder, inside } = machine;
  const bridge = await bridgeInto(machine, sts.port);
  ends.push(() => bridge.close());
  const authenticator = await startAuthenticator({
    folder,
    inside,
    port: PORT,
    cluster,
    env: {
      HTTPS_PROXY: sts.proxy,
      SSL_CERT_FILE: sts.certificate,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  });
  ends.push(() => authenticator.stop());
  const known = {
    ...machine.known,
    'authentication-token-webhook-config-file': authenticator.kubeconfig,
    // As short as an access entry's own delay.
    'authentication-token-webhook-cache-ttl': '1s',
  };
  const plane = await startControlPlane(['*'], { ...machine, known });
  ends.push(() => plane.stop());
  await startNode(machine, plane);
  const enforcer: Enforcer = startEnforcer(machine, plane);
  ends.push(() => enforcer.stop().catch(() => undefined));
  const objects = clusterDns();
  await applyStage(plane.cluster, { objects, before: [] }, { clock });
  await waitUntilRolledOut(plane.cluster, objects, { clock, deadlineMs: 120_000 });
  return { plane, authenticator };
}

function endpointOf({ cluster }: ControlPlane) {
  const { server = '', caData = '' } = cluster.config.getCurrentCluster() ?? {};
  return { server, certificateAuthority: caData };
}

/** Bootstraps the account, makes a role with a path, and takes it, as IAM Identity Center does. */
export async function signIn(aws: Aws, endpoint: string) {
  const root = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  const before = { ...process.env };
  Object.assign(process.env, { ...root, AWS_ENDPOINT_URL: endpoint, AWS_REGION: REGION });
  const toolkit = new Toolkit({ ioHost: progressHost(() => undefined) });
  await toolkit.bootstrap(BootstrapEnvironments.fromList([`aws://${ACCOUNT}/${REGION}`]));
  process.env = before;
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '*' } }],
  };
  const { Role } = await aws.iam.send(
    new CreateRoleCommand({
      RoleName: ROLE,
      Path: '/aws-reserved/sso.amazonaws.com/',
      AssumeRolePolicyDocument: JSON.stringify(trust),
    }),
  );
  const role = Role?.Arn ?? '';
  const { Credentials } = await aws.sts.send(
    new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'ana' }),
  );
  const credentials = {
    AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId ?? '',
    AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey ?? '',
    AWS_SESSION_TOKEN: Credentials?.SessionToken ?? '',
  };
  return { role, credentials };
}

export function runLab(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Said> {
  const started = performance.now();
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [join(ROOT, 'bin/lab'), ...args], {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const texts = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].on('data', (part: Buffer) => {
        texts[stream] += part.toString();
        if (process.env.REHEARSAL_LOG !== undefined) process.stderr.write(part);
      });
    }
    child.once('error', fail);
    child.once('close', (code) => {
      const seconds = (performance.now() - started) / 1000;
      done({ command: `lab ${args.join(' ')}`, code: code ?? -1, ...texts, seconds });
    });
  });
}
