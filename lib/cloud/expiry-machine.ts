import { clusterNames, LAB_TAG, STACK_PARTS } from '../model/lab-tags';
import {
  type Chain,
  deleteFound,
  deleteStack,
  find,
  join,
  pause,
  type State,
} from './expiry-steps';

/** A state machine in Amazon States Language, queries in JSONata. */
export interface Machine {
  readonly QueryLanguage: 'JSONata';
  readonly Comment: string;
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, State>>;
}

/** Tags by which controllers in a cluster mark what they make; the value is the cluster's name. */
export const LOAD_BALANCER_TAG = 'elbv2.k8s.aws/cluster';
export const INTERFACE_TAG = 'cluster.k8s.amazonaws.com/name';

/**
 * What happens at a lab's expiry, as calls that Step Functions makes itself: no function, so no
 * runtime that ends and no code to patch. The order is teardown's: what runs in the cluster, the
 * cluster, what its controllers left (load balancers, their groups, interfaces), the network.
 *
 * CloudFormation deletes each stack with the role it was deployed with, so the machine itself may
 * only ask for it (CloudFormation user guide, service role).
 */
export function expiryMachine(lab: string): Machine {
  const [network, ...others] = STACK_PARTS;
  const later = others.toReversed();
  const steps: readonly Chain[] = [
    find('FindVpcs', {
      api: 'ec2:describeVpcs',
      by: byTag(LAB_TAG, [lab]),
      list: 'Vpcs.VpcId',
      as: 'vpcs',
    }),
    ...later.map((part) => deleteStack(lab, part)),
    find('FindLoadBalancers', {
      api: 'elasticloadbalancingv2:describeLoadBalancers',
      by: {},
      list: 'LoadBalancers[VpcId in $vpcs].LoadBalancerArn',
      as: 'found',
    }),
    deleteFound('DeleteLoadBalancers', {
      api: 'elasticloadbalancingv2:deleteLoadBalancer',
      parameter: 'LoadBalancerArn',
    }),
    pause('LetInterfacesGo', 180),
    find('FindInterfaces', {
      api: 'ec2:describeNetworkInterfaces',
      by: byTag(INTERFACE_TAG, clusterNames(lab), { Name: 'status', Values: ['available'] }),
      list: 'NetworkInterfaces.NetworkInterfaceId',
      as: 'found',
    }),
    deleteFound('DeleteInterfaces', {
      api: 'ec2:deleteNetworkInterface',
      parameter: 'NetworkInterfaceId',
    }),
    find('FindSecurityGroups', {
      api: 'ec2:describeSecurityGroups',
      by: byTag(LOAD_BALANCER_TAG, clusterNames(lab)),
      list: 'SecurityGroups.GroupId',
      as: 'found',
    }),
    deleteFound('DeleteSecurityGroups', { api: 'ec2:deleteSecurityGroup', parameter: 'GroupId' }),
    deleteStack(lab, network),
  ];
  return {
    QueryLanguage: 'JSONata',
    Comment: `Ends the lab ${lab}: removes everything billed by the hour`,
    StartAt: steps[0]?.first ?? 'Done',
    TimeoutSeconds: 3 * 3600,
    States: { ...join(steps), Done: { Type: 'Succeed' }, StillThere: stillThere(lab) },
  };
}

/** Whoever reads the failed execution learns how to go on. */
const stillThere = (lab: string): State => ({
  Type: 'Fail',
  Error: 'StillThere',
  Cause: `Stacks of ${lab} could not be deleted: run lab down ${lab}`,
});

const byTag = (key: string, values: readonly string[], ...more: readonly object[]) => ({
  Filters: [{ Name: `tag:${key}`, Values: values }, ...more],
});
