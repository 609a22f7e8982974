import { closeSync, fstatSync, openSync } from 'node:fs';
import { survey } from '../kernel/survey';
import type { CniCall } from '../sandbox/protocol';
import { inNamespace, OWN_NAMESPACE } from './netns';
import { CniError, WIRING } from './spec/error';
import { type LabNetworkConfig, startOn } from './spec/lab-request';

/**
 * Opens the container's namespace, by the plugin's own descriptor of it. The number tells whether
 * it is the same one: a plugin outside the lab has another process number than the one that it is
 * known by in here, and a namespace that another user namespace owns may not be entered (setns(2)).
 */
export function openContainer(
  network: LabNetworkConfig,
  { pid, net, container }: CniCall['caller'],
): number {
  if (container === undefined) {
    throw NO_NAMESPACE;
  }
  let fd: number | undefined;
  try {
    fd = openSync(`/proc/${pid}/fd/${container.fd}`, 'r');
    if (fstatSync(fd).ino !== container.net) throw new Error('it is out of sight');
    if (container.net === net) throw OWN_NAMESPACE;
    const devices = devicesIn(`/proc/self/fd/${fd}`);
    if (!devices.includes('eth0')) return fd;
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    if (error instanceof CniError) throw error.code === 4 ? NO_NAMESPACE : error;
    throw outside(network, error instanceof Error ? error.message : String(error));
  }
  closeSync(fd);
  throw new CniError(WIRING, 'cannot connect the container', 'it has an eth0 already: EEXIST');
}

/** CNI_NETNS names no network namespace. */
export const NO_NAMESPACE = new CniError(
  4,
  'invalid environment',
  'CNI_NETNS: there is no network namespace of that path',
);

const devicesIn = (path: string): readonly string[] =>
  inNamespace(path, ({ inside }) => inside(() => survey().links.map(({ device }) => device)));

const outside = (network: LabNetworkConfig, why: string): CniError =>
  new CniError(
    4,
    'the runtime stands outside the lab',
    `lab ${network.lab} cannot enter the container's namespace (${why}). A lab lives in a user namespace of its own and reaches nothing of the machine's: start the runtime inside, by ${startOn(network, '<node>')}`,
  );
