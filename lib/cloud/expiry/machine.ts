import { clusterNames, LAB_TAG, STACK_PARTS } from '../../model/lab-tags';
import { type Chain, deleteFound, deleteStack, find, join, pause, type State } from './steps';

/** A state machine in Amazon States Language, queries in JSONata. */
export interface StateMachine {
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
 * The tag of EKS' own load balancer controller and of branch interfaces, `owned` its value: it
 * marks classic load balancers, which a Service gets where no other controller is installed.
 */
export const ownedTag = (cluster: string): string => `kubernetes.io/cluster/${cluster}`;

/** What GuardDuty puts into a VPC whose nodes it watches bears this tag, with the value `true`. */
export const GUARDDUTY_TAG = 'GuardDutyManaged';

/** How often the whole is gone through: what held something in one pass is gone in the next. */
const PASSES = 3;

/**
 * What happens at a lab's expiry, as calls that Step Functions makes itself: no function, so no
 * runtime that ends and no code to patch. The order is teardown's: what runs in the cluster, the
 * cluster, what its controllers left (load balancers, their groups, interfaces), the network.
 *
 * CloudFormation deletes each stack with the role it was deployed with, so the machine itself may
 * only ask for it (CloudFormation user guide, service role).
 */
export function expiryMachine(lab: string): StateMachine {
  const steps = [...clusterSteps(lab), ...leftoverSteps(lab), deleteStack(lab, STACK_PARTS[0])];
  return {
    QueryLanguage: 'JSONata',
    Comment: `Ends the lab ${lab}: removes everything billed by the hour`,
    StartAt: 'Begin',
    TimeoutSeconds: 3 * 3600,
    States: {
      Begin: { Type: 'Pass', Assign: { pass: 1 }, Next: 'FindVpcs' },
      ...join(steps, 'IsOver'),
      IsOver: {
        Type: 'Choice',
        Choices: [
          { Condition: "{% $states.input = 'GONE' %}", Next: 'Done' },
          { Condition: `{% $pass < ${PASSES} %}`, Next: 'Again' },
        ],
        Default: 'StillThere',
      },
      Again: { Type: 'Pass', Assign: { pass: '{% $pass + 1 %}' }, Next: 'FindVpcs' },
      Done: { Type: 'Succeed' },
      StillThere: stillThere(lab),
    },
  };
}

/**
 * The stacks above the network. In the second pass what the add-ons' stack could not delete is let
 * go, or it would keep the cluster: it is in there, or a role (DeleteStack, `DeletionMode`).
 */
function clusterSteps(lab: string): readonly Chain[] {
  const mode = "{% $pass = 2 ? 'FORCE_DELETE_STACK' : 'STANDARD' %}";
  return [
    find('FindVpcs', {
      api: 'ec2:describeVpcs',
      by: { Filters: [{ Name: `tag:${LAB_TAG}`, Values: [lab] }] },
      list: 'Vpcs.VpcId',
      as: 'vpcs',
    }),
    deleteStack(lab, 'addons', { DeletionMode: mode }),
    deleteStack(lab, 'cluster'),
  ];
}

/** What the cluster's controllers and GuardDuty left in the network. */
function leftoverSteps(lab: string): readonly Chain[] {
  const clusters = clusterNames(lab);
  const owned = clusters.map(ownedTag);
  return [
    ...balancerSteps('LoadBalancers', LOAD_BALANCER_TAG, clusters),
    ...owned.flatMap((tag, i) => balancerSteps(`BalancersOfEks${i + 1}`, tag, ['owned'])),
    ...endpointSteps(),
    pause('LetInterfacesGo', 180),
    ...interfaceSteps(owned),
    ...groupSteps(owned),
    ...volumeSteps(owned),
  ];
}

function endpointSteps(): readonly Chain[] {
  return [
    find('FindEndpoints', {
      api: 'ec2:describeVpcEndpoints',
      by: inVpcs({ Name: `tag:${GUARDDUTY_TAG}`, Values: ['true'] }),
      list: 'VpcEndpoints.VpcEndpointId',
      as: 'found',
    }),
    deleteFound('DeleteEndpoints', {
      api: 'ec2:deleteVpcEndpoints',
      one: { VpcEndpointIds: ['{% $states.input %}'] },
    }),
  ];
}

function interfaceSteps(owned: readonly string[]): readonly Chain[] {
  return [
    find('FindInterfaces', {
      api: 'ec2:describeNetworkInterfaces',
      by: inVpcs(
        { Name: 'tag-key', Values: [INTERFACE_TAG, ...owned] },
        { Name: 'status', Values: ['available'] },
      ),
      list: 'NetworkInterfaces.NetworkInterfaceId',
      as: 'found',
    }),
    deleteFound('DeleteInterfaces', {
      api: 'ec2:deleteNetworkInterface',
      one: { NetworkInterfaceId: '{% $states.input %}' },
    }),
  ];
}

function groupSteps(owned: readonly string[]): readonly Chain[] {
  return [
    find('FindSecurityGroups', {
      api: 'ec2:describeSecurityGroups',
      by: inVpcs({ Name: 'tag-key', Values: [LOAD_BALANCER_TAG, GUARDDUTY_TAG, ...owned] }),
      list: 'SecurityGroups.GroupId',
      as: 'found',
    }),
    deleteFound('DeleteSecurityGroups', {
      api: 'ec2:deleteSecurityGroup',
      one: { GroupId: '{% $states.input %}' },
    }),
  ];
}

function volumeSteps(owned: readonly string[]): readonly Chain[] {
  return [
    find('FindVolumes', {
      api: 'ec2:describeVolumes',
      by: {
        Filters: [
          { Name: 'tag-key', Values: owned },
          { Name: 'status', Values: ['available'] },
        ],
      },
      list: 'Volumes.VolumeId',
      as: 'found',
    }),
    deleteFound('DeleteVolumes', {
      api: 'ec2:deleteVolume',
      one: { VolumeId: '{% $states.input %}' },
    }),
  ];
}

/**
 * Load balancers by a tag of theirs. Asked for by tag, since the load balancers' own API only lists
 * all of a region: more than 256 KiB of answer end an execution, and nothing can catch that
 * (Step Functions user guide, `States.DataLimitExceeded`). An ARN without a kind, `app` or `net`,
 * is a classic one's.
 */
function balancerSteps(name: string, Key: string, Values: readonly string[]): readonly Chain[] {
  const modern = "$contains($, 'loadbalancer/app/') or $contains($, 'loadbalancer/net/')";
  return [
    find(`Find${name}`, {
      api: 'resourcegroupstaggingapi:getResources',
      by: {
        ResourceTypeFilters: ['elasticloadbalancing:loadbalancer'],
        TagFilters: [{ Key, Values }],
      },
      list: 'ResourceTagMappingList.ResourceARN',
      as: 'found',
    }),
    deleteFound(`Delete${name}`, {
      api: 'elasticloadbalancingv2:deleteLoadBalancer',
      one: { LoadBalancerArn: '{% $states.input %}' },
      items: `[$found[${modern}]]`,
    }),
    deleteFound(`DeleteClassic${name}`, {
      api: 'elasticloadbalancing:deleteLoadBalancer',
      one: { LoadBalancerName: "{% $split($states.input, 'loadbalancer/')[1] %}" },
      items: `[$found[$not(${modern})]]`,
    }),
  ];
}

/** The cause of the failed execution says what to do. */
const stillThere = (lab: string): State => ({
  Type: 'Fail',
  Error: 'StillThere',
  Cause: `Stacks of ${lab} could not be deleted: run lab sweep ${lab}`,
});

/** With a value that no VPC has, because EC2 refuses a filter without any. */
const inVpcs = (...more: readonly object[]) => ({
  Filters: [{ Name: 'vpc-id', Values: "{% [$vpcs, 'none'] %}" }, ...more],
});
