import { closeSync } from 'node:fs';
import { type Attachment, type CniRequest, SUPPORTED_VERSIONS } from '../cni/call';
import { CHECK, CniError, WIRING } from '../cni/cni-error';
import { type Ended, failed, succeeded } from '../cni/ended';
import { type LabNetwork, podNameIn, readLabRequest } from '../cni/lab-request';
import type { CniResult } from '../cni/result';
import { openContainer } from './cni-caller';
import { refuseMissing } from './cni-check';
import { podFor, podsOf } from './cni-pod';
import { resultFor } from './cni-result';
import type { Container, Containers } from './containers';
import { KernelError } from './libc';
import type { CniCall } from './protocol';

/** One call of the plugin about this lab: errors that a runtime should read are an answer too. */
export async function answerCni(containers: Containers, call: CniCall): Promise<Ended> {
  try {
    const request = readLabRequest(call.env, call.stdin);
    return succeeded(await perform(containers, request, call));
  } catch (error) {
    return failed(error, call.stdin);
  }
}

type LabRequest = CniRequest<LabNetwork>;
type OneInterface = Extract<LabRequest, { readonly netns: string }>;

async function perform(
  containers: Containers,
  request: LabRequest,
  call: CniCall,
): Promise<object | undefined> {
  switch (request.kind) {
    case 'VERSION':
      return { cniVersion: request.cniVersion, supportedVersions: SUPPORTED_VERSIONS };
    case 'ADD':
      return add(containers, request, call);
    case 'CHECK':
      return check(containers, request);
    case 'DEL':
      return leaveAll(containers, (one) => isSame(one.attachment, request.attachment));
    case 'GC': {
      const { network, valid } = request;
      // Each node's runtime knows its own containers and no others.
      const isStale = (one: Container): boolean =>
        one.network === network.name &&
        containers.isNode(one.node, call.caller.net) &&
        !valid.some((attachment) => isSame(attachment, one.attachment));
      return leaveAll(containers, isStale);
    }
    case 'STATUS':
      podsOf(containers, request.network);
      return undefined;
  }
}

async function add(
  containers: Containers,
  { network, attachment, netns }: OneInterface,
  { env, caller }: CniCall,
): Promise<CniResult> {
  if (attachment.ifname !== 'eth0') {
    throw new CniError(4, 'wrong environment', 'CNI_IFNAME: a pod of a lab has eth0 and no other');
  }
  refuseSecond(containers, attachment);
  const name = podNameIn(env);
  // A runtime outside the lab is told so before anything else: nothing else would help it.
  const fd = openContainer(network, caller);
  try {
    const pod = podFor(containers, { network, name, caller });
    const container = {
      namespace: pod.namespace,
      name: pod.name,
      attachment,
      network: network.name,
      node: pod.node,
    };
    return resultFor(network, await containers.enter(container, pod, fd), netns);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new CniError(WIRING, 'cannot connect the container', error.message);
  } finally {
    closeSync(fd);
  }
}

function refuseSecond(containers: Containers, attachment: Attachment): void {
  if (containers.filter((one) => isSame(one.attachment, attachment)).length === 0) return;
  const who = `${attachment.containerId} ${attachment.ifname}`;
  throw new CniError(7, 'ADD was called twice', `${who} is a pod already; call DEL first`);
}

function check(containers: Containers, { network, attachment }: OneInterface): undefined {
  if (network.prevResult === undefined) {
    throw new CniError(7, 'invalid network configuration', 'CHECK needs prevResult');
  }
  const [container] = containers.filter((one) => isSame(one.attachment, attachment));
  if (container === undefined) {
    throw new CniError(CHECK, 'the container is not as it was left', 'it is no pod of the lab');
  }
  refuseMissing(containers.missing(container));
}

async function leaveAll(
  containers: Containers,
  wanted: (container: Container) => boolean,
): Promise<undefined> {
  for (const one of containers.filter(wanted)) await containers.leave(one);
}

const isSame = (a: Attachment, b: Attachment): boolean =>
  a.containerId === b.containerId && a.ifname === b.ifname;
