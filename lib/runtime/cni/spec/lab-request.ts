import { readArgs, readStaticRequest } from './args';
import { type CniRequest, type Env, type NamedNetwork, readCall } from './call';
import { CniError, unsupportedField } from './error';
import { fieldOf } from './fields';
import { refuseCapabilities } from './request';

/** A network that a running lab is: the configuration names it, and says nothing of addresses. */
export type LabNetworkConfig = NamedNetwork & {
  /** Id of the lab, or the path of its socket. */
  readonly lab: string;
};

/** A pod, as a runtime calls it. */
export interface PodName {
  readonly namespace: string;
  readonly name: string;
}

/** Reads a call about a lab's network. Throws `CniError`. */
export const readLabRequest = (env: Env, stdin: string): CniRequest<LabNetworkConfig> =>
  readCall(env, stdin, (config, problems) => {
    const lab = fieldOf(config, 'lab');
    if (typeof lab !== 'string' || lab === '') problems.push('lab: the id of a running lab');
    for (const [name, decides] of Object.entries(DECIDED)) {
      if (fieldOf(config, name) !== undefined) problems.push(`${name}: ${decides}; leave it out`);
    }
    if (fieldOf(config, 'ipMasq') === true) {
      throw unsupportedField('ipMasq', true, 'the lab decides it; leave it out');
    }
    refuseCapabilities(config, []);
    const { addresses, mac } = readStaticRequest(env, config);
    const [request] = [...addresses, ...(mac === undefined ? [] : [mac])];
    if (request !== undefined) {
      problems.push(`${request} is requested: a pod of a lab has the addresses of the lab`);
    }
    return { lab: String(lab) };
  });

/** ConfigFields of other networks that the lab's own definition decides. */
const DECIDED = {
  ipam: 'the lab gives the addresses',
  mtu: "the lab's data path gives it",
} as const;

/**
 * Which pod the container is, from CNI_ARGS, whose pairs come in any order: containerd and CRI-O
 * write K8S_POD_NAMESPACE and K8S_POD_NAME there. Throws `CniError` where they are missing.
 */
export function podNameIn(env: Env): PodName {
  const pairs = readArgs(env);
  const namespace = pairs.get('K8S_POD_NAMESPACE') ?? '';
  const name = pairs.get('K8S_POD_NAME') ?? '';
  if (namespace !== '' && name !== '') return { namespace, name };
  const fix =
    'K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web-0 says which pod of the lab the container is';
  throw new CniError(4, 'invalid environment', `CNI_ARGS: ${fix}`);
}

/** How a person starts a runtime on a node of the lab, as a command. */
export const startOn = ({ lab }: LabNetworkConfig, node: string): string =>
  // Of a socket's path `--lab` knows nothing.
  lab.startsWith('/')
    ? `lab exec ${node} -- <runtime>`
    : `lab exec --lab ${lab} ${node} -- <runtime>`;
