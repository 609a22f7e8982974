import type { Problem } from '../../model/problem';
import { unknownIdText } from '../../model/unknown-id';
import type { PodEndpoint } from '../../model/world';
import type { PlacedMachine } from './pods';

/** A problem of placement: it lies between the files, so it names none of them. */
const trouble = (path: string, problem: string, fix: string): Problem => ({
  file: '(placement)',
  document: 0,
  path,
  problem,
  fix,
});

/** A node that fits no slot. */
export function unseated(node: string, reason: string, lost: readonly LostGroup[]): Problem {
  const [group] = lost;
  if (group !== undefined) {
    const { why, fix } = lostSubnets(group);
    return trouble(`nodes.${node}`, `node ${node} stands nowhere: ${why}`, fix);
  }
  const fix = 'give the template of the cluster and its node groups, or correct the node';
  return trouble(`nodes.${node}`, `node ${node} stands nowhere: ${reason}`, fix);
}

/** A node beyond the largest size. */
export const extraNode = (node: string): Problem =>
  trouble(
    `nodes.${node}`,
    `node ${node} is more than the node groups may have`,
    'raise their largest size, or name fewer nodes',
  );

/** Custom networking without an entry for a zone. */
export const noEniConfig = ({ node, slot }: PlacedMachine): Problem =>
  trouble(
    `nodes.${node.name}`,
    `no ENIConfig is named after zone ${slot.subnet.zone}, so pods on ${node.name} get no address`,
    'add an ENIConfig of that name, or let the vpc-cni add-on make one per zone',
  );

/** SecurityGroupPolicy without ENABLE_POD_ENI does nothing, and a cluster does not report it. */
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

/** A node group with those of its subnets that are in no template. */
export interface LostGroup {
  readonly name: string;
  /** Their ids, or what is not known. */
  readonly subnets: readonly string[];
}

/** A pod where no template starts a node and no manifest names one. */
export function homeless({ namespace, name }: PodEndpoint, lost: readonly LostGroup[]): Problem {
  const [group] = lost;
  const pod = `${namespace}/${name}`;
  if (group === undefined) {
    const problem = `${pod} has no node: the templates have no node group`;
    return trouble(`pods.${pod}`, problem, 'give the template of the cluster and its node groups');
  }
  const { why, fix } = lostSubnets(group);
  return trouble(`pods.${pod}`, `${pod} has no node: ${why}`, fix);
}

function lostSubnets({ name, subnets }: LostGroup): { readonly why: string; readonly fix: string } {
  const [first = ''] = subnets;
  const what = subnets.map(unknownIdText).join(', ');
  const why = `the subnets of node group ${name} are in no template: ${what}`;
  const fix = first.startsWith('subnet-')
    ? `say which subnets of the templates they are: --parameter ${first}=<logical id>`
    : 'give the value that says them (--parameter), or the template that makes them';
  return { why, fix };
}

/** A subnet without an address left, or an address outside its subnet. */
export const noRoom = (problem: string): Problem =>
  trouble('', problem, 'make the subnet larger, or correct the address');
