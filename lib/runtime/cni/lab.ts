import { closeSync } from 'node:fs';
import { KernelError } from '../kernel/libc';
import type { Containers, RuntimeContainer } from '../sandbox/containers';
import type { CniCall } from '../sandbox/protocol';
import { NO_NAMESPACE, openContainer } from './caller';
import { missingResult, refuseMissing } from './check';
import { resultFor } from './container-result';
import { podFor, podsOf } from './pod';
import { type Attachment, type CniRequest, SUPPORTED_VERSIONS } from './spec/call';
import { failed, type PluginExit, succeeded } from './spec/ended';
import { CHECK, CniError, invalidNetwork, WIRING } from './spec/error';
import { containerEnd } from './spec/expected';
import { type LabNetworkConfig, podNameIn, readLabRequest } from './spec/lab-request';
import type { CniResult } from './spec/result';

/** One call of the plugin about this lab: errors that a runtime should read are an answer too. */
export async function answerCni(containers: Containers, call: CniCall): Promise<PluginExit> {
  try {
    const request = readLabRequest(call.env, call.stdin);
    return succeeded(await perform(containers, request, call));
  } catch (error) {
    return failed(error, call.stdin);
  }
}

type LabRequest = CniRequest<LabNetworkConfig>;
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
      return check(containers, request, call);
    case 'DEL':
      return leaveAll(containers, (one) => isSame(one.attachment, request.attachment));
    case 'GC': {
      const { network, valid } = request;
      // Each node's runtime knows its own containers and no others.
      const isStale = (one: RuntimeContainer): boolean =>
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
    throw new CniError(
      4,
      'invalid environment',
      'CNI_IFNAME: a pod of a lab has eth0 and no other',
    );
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

/** Both ends as the lab wires them, and prevResult beside: what a runtime believes must be so. */
function check(
  containers: Containers,
  { network, attachment, netns }: OneInterface,
  { caller }: CniCall,
): undefined {
  const { prevResult } = network;
  if (prevResult === undefined) throw invalidNetwork(['CHECK needs prevResult']);
  const [container] = containers.filter((one) => isSame(one.attachment, attachment));
  if (container === undefined) {
    throw new CniError(
      CHECK,
      'the container is not as it was left',
      'the container is not a pod of the lab',
    );
  }
  if (caller.container === undefined) throw NO_NAMESPACE;
  const isItsOwn = containers.isPlace(container, caller.container.net);
  const known = { ifname: attachment.ifname, netns, addresses: containers.addresses(container) };
  const { end, problems } = containerEnd(prevResult, known);
  const found = containers.found(container);
  refuseMissing([
    ...(isItsOwn ? [] : [`the container in ${netns} (CNI_NETNS)`]),
    ...problems,
    ...(found === undefined ? [] : missingResult(found, prevResult, end)),
    ...containers.missing(container),
  ]);
}

async function leaveAll(
  containers: Containers,
  wanted: (container: RuntimeContainer) => boolean,
): Promise<undefined> {
  for (const one of containers.filter(wanted)) await containers.leave(one);
}

const isSame = (a: Attachment, b: Attachment): boolean =>
  a.containerId === b.containerId && a.ifname === b.ifname;
