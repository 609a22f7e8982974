import { type CniRequest, type Env, type NamedNetwork, readCall } from './call';
import { CniError } from './cni-error';

/** A network that a running lab is: the configuration names it, and says nothing of addresses. */
export type LabNetwork = NamedNetwork & {
  /** Id of the lab, or the path of its socket. */
  readonly lab: string;
};

/** A pod, as a runtime calls it. */
export interface PodName {
  readonly namespace: string;
  readonly name: string;
}

/** Reads a call about a lab's network. Throws `CniError`. */
export const readLabRequest = (env: Env, stdin: string): CniRequest<LabNetwork> =>
  readCall(env, stdin, ({ lab, ipam }, problems) => {
    if (typeof lab !== 'string' || lab === '') problems.push('lab: the id of a running lab');
    if (ipam !== undefined) problems.push('ipam: the lab gives the addresses; leave it out');
    return { lab: String(lab) };
  });

/**
 * Which pod the container is, from CNI_ARGS, whose pairs come in any order: containerd and CRI-O
 * write K8S_POD_NAMESPACE and K8S_POD_NAME there. Throws `CniError` where they are missing.
 */
export function podNameIn({ CNI_ARGS = '' }: Env): PodName {
  const pairs = new Map(
    CNI_ARGS.split(';').map((pair): [string, string] => {
      const [key = '', ...value] = pair.split('=');
      return [key.trim(), value.join('=')];
    }),
  );
  const namespace = pairs.get('K8S_POD_NAMESPACE') ?? '';
  const name = pairs.get('K8S_POD_NAME') ?? '';
  if (namespace !== '' && name !== '') return { namespace, name };
  const fix =
    'K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web-0 says which pod of the lab the container is';
  throw new CniError(4, 'wrong environment', `CNI_ARGS: ${fix}`);
}

/** How a person starts a runtime on a node of the lab, as a command. */
export const startOn = ({ lab }: LabNetwork, node: string): string =>
  // Of a socket's path `--lab` knows nothing.
  lab.startsWith('/')
    ? `lab exec ${node} -- <runtime>`
    : `lab exec --lab ${lab} ${node} -- <runtime>`;
