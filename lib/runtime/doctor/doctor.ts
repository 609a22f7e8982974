import { Failure } from '../../model/problem';
import { type Launched, launch } from '../sandbox/launch';
import type { Capability } from './capability';
import { findTool } from './tool';
import { TRIALS, type Trial } from './trials';

/**
 * Finds out by doing what this machine can do: opens a sandbox, tries each thing in it, throws it
 * away. Nothing is concluded from a version or a distribution's name.
 */
export async function examine(): Promise<readonly Capability[]> {
  const tools = TOOLS.map(examineTool);
  try {
    const launched = await launch();
    const tried = await examineInside(launched);
    return [...sandboxOf(launched.mode), ...tried, ...tools];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { problem: why, fix } = error;
    const sandbox: Capability = { ...SANDBOX, kind: 'missing', why, fix };
    const untried = TRIALS.map(({ id, title, needed }): Capability => {
      return { id, title, needed, kind: 'missing', why: 'not tried: there is no sandbox', fix };
    });
    return [sandbox, ...untried, ...tools];
  }
}

const SANDBOX = {
  id: 'sandbox',
  title: 'namespaces of our own, for everything a lab makes',
  needed: 'always',
} as const;

const sandboxOf = (mode: Launched['mode']): readonly Capability[] => [
  { ...SANDBOX, kind: 'ok', detail: mode === 'rootless' ? 'in a user namespace' : 'as root' },
  {
    id: 'user-namespaces',
    title: 'user namespaces: no root needed, and the machine cannot be touched',
    needed: 'some-labs',
    ...(mode === 'rootless'
      ? { kind: 'ok', detail: 'allowed' }
      : { kind: 'missing', why: 'refused, so labs run as root', fix: 'nothing to do as root' }),
  },
];

async function examineInside({ client, release, ended }: Launched): Promise<Capability[]> {
  try {
    return await Promise.all(
      TRIALS.map(async ({ attempt, fix, ...trial }: Trial): Promise<Capability> => {
        try {
          return { ...trial, kind: 'ok', detail: await attempt(client) };
        } catch (error) {
          if (error instanceof Failure) {
            return { ...trial, kind: 'missing', why: error.problem, fix: error.fix };
          }
          const why = error instanceof Error ? error.message : String(error);
          return { ...trial, kind: 'missing', why, fix };
        }
      }),
    );
  } finally {
    release();
    await ended;
  }
}

const TOOLS = [
  { file: 'ping', title: 'tasks of the Linux labs', fix: 'apt-get install iputils-ping' },
  { file: 'nc', title: 'tasks that open connections', fix: 'apt-get install netcat-openbsd' },
  { file: 'curl', title: 'tasks that ask over HTTP', fix: 'apt-get install curl' },
  { file: 'dig', title: 'tasks that ask the DNS', fix: 'apt-get install bind9-dnsutils' },
  { file: 'conntrack', title: 'tables of connections', fix: 'apt-get install conntrack' },
  { file: 'ss', title: 'sockets of a namespace', fix: 'apt-get install iproute2' },
  { file: 'tcpdump', title: 'packets in a lab’s shell, decoded', fix: 'apt-get install tcpdump' },
  {
    file: 'tshark',
    title: 'lab capture shows packets decoded in full',
    fix: 'apt-get install tshark',
  },
  {
    file: 'envoy',
    title: 'Ingress and Gateway labs serve real HTTP',
    fix: 'lab up k8s-6-ingress offers to install it; or name one in $ENVOY',
  },
  {
    file: 'containerd',
    title: 'the CNI plugin under a real container runtime',
    fix: 'apt-get install containerd',
  },
] as const;

function examineTool({ file, title, fix }: (typeof TOOLS)[number]): Capability {
  const path = findTool(file);
  const capability = { id: file, title, needed: 'some-labs' } as const;
  return path === undefined
    ? { ...capability, kind: 'missing', why: 'not installed', fix }
    : { ...capability, kind: 'ok', detail: path };
}
