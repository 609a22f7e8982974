import type { Problem } from '../model/problem';
import type { PodEndpoint } from '../model/world';
import type { Machine } from './place-pods';

/** A problem of placement: it lies between the files, so it names none of them. */
const trouble = (path: string, problem: string, fix: string): Problem => ({
  file: '(placement)',
  document: 0,
  path,
  problem,
  fix,
});

/** A node that fits no slot. */
export const unseated = (node: string, reason: string): Problem =>
  trouble(
    `nodes.${node}`,
    `node ${node} stands nowhere: ${reason}`,
    'give the template of the cluster and its node groups, or correct the node',
  );

/** A node beyond the largest size. */
export const extraNode = (node: string): Problem =>
  trouble(
    `nodes.${node}`,
    `node ${node} is more than the node groups may have`,
    'raise their largest size, or name fewer nodes',
  );

/** Custom networking without an entry for a zone. */
export const noEniConfig = ({ node, slot }: Machine): Problem =>
  trouble(
    `nodes.${node.name}`,
    `no ENIConfig is named after zone ${slot.subnet.zone}, so pods on ${node.name} get no address`,
    'add an ENIConfig of that name, or let the vpc-cni add-on make one per zone',
  );

/** SecurityGroupPolicy without ENABLE_POD_ENI does nothing, and nobody says so on a cluster. */
export const uselessGroups = (
  before: readonly PodEndpoint[],
  after: readonly PodEndpoint[],
): Problem[] =>
  before
    .filter((pod, i) => pod.securityGroups !== undefined && after[i]?.securityGroups === undefined)
    .map(({ namespace, name }) =>
      trouble(
        `pods.${namespace}/${name}`,
        `a SecurityGroupPolicy selects ${namespace}/${name}, but the cluster gives pods no groups`,
        'set ENABLE_POD_ENI in the vpc-cni add-on',
      ),
    );

/** A pod where no template starts a node and no manifest names one. */
export const homeless = ({ namespace, name }: PodEndpoint): Problem =>
  trouble(
    `pods.${namespace}/${name}`,
    `${namespace}/${name} has no node: the templates have no node group`,
    'give the template of the cluster and its node groups',
  );

/** A subnet without an address left, or an address outside its subnet. */
export const noRoom = (problem: string): Problem =>
  trouble('', problem, 'make the subnet larger, or correct the address');
