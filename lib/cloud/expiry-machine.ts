import { clusterNames, LAB_TAG, STACK_PARTS, type StackPart, stackName } from '../model/lab-tags';

/** A state machine in Amazon States Language, queries in JSONata. */
export interface Machine {
  readonly QueryLanguage: 'JSONata';
  readonly Comment: string;
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, State>>;
}

export type State = Readonly<Record<string, unknown>> & {
  readonly Type: 'Task' | 'Wait' | 'Choice' | 'Map' | 'Succeed' | 'Fail';
  readonly Next?: string;
};

/** Name of what the definition leaves open: the partition of AWS, known at deployment. */
export const PARTITION = 'partition';

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
  const { find, deleteFound, deleteStack } = chains(lab);
  const steps: readonly Chain[] = [
    find('FindVpcs', {
      api: 'ec2:describeVpcs',
      by: byTag(LAB_TAG, [lab]),
      list: 'Vpcs.VpcId',
      as: 'vpcs',
    }),
    ...later.map((part) => deleteStack(part)),
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
    deleteStack(network),
  ];
  return {
    QueryLanguage: 'JSONata',
    Comment: `Ends the lab ${lab}: removes everything billed by the hour`,
    StartAt: steps[0]?.first ?? 'Done',
    TimeoutSeconds: 3 * 3600,
    States: { ...join(steps), Done: { Type: 'Succeed' }, StillThere: stillThere(lab) },
  };
}

/** States that run one after another; the last ones lead to whatever `after` names. */
interface Chain {
  readonly first: string;
  readonly states: (after: string) => Readonly<Record<string, State>>;
}

function join(chains: readonly Chain[]): Readonly<Record<string, State>> {
  const states = chains.map((chain, i) => chain.states(chains[i + 1]?.first ?? 'Done'));
  return Object.assign({}, ...states);
}

/** Whoever reads the failed execution learns how to go on. */
const stillThere = (lab: string): State => ({
  Type: 'Fail',
  Error: 'StillThere',
  Cause: `Stacks of ${lab} could not be deleted: run lab down ${lab}`,
});

/** Goes on whatever happens: one thing that cannot go must not keep the others. */
const goOn = (next: string) => [{ ErrorEquals: ['States.ALL'], Next: next }];

/** The kinds of step, for one lab. */
function chains(lab: string) {
  const task = (api: string, argument: object): State => ({
    Type: 'Task',
    Resource: `arn:\${${PARTITION}}:states:::aws-sdk:${api}`,
    Arguments: argument,
    Retry: RETRIES,
  });
  return {
    deleteStack: (part: StackPart) => deleteStack(lab, part, task),
    find: (name: string, query: Query) => find(name, query, task),
    deleteFound: (name: string, call: Deletion) => deleteFound(name, call, task),
  };
}

type TaskOf = (api: string, argument: object) => State;

/** Throttles and slow moments; a stack that does not exist stays so however often one asks. */
const RETRIES = [
  { ErrorEquals: ['CloudFormation.CloudFormationException'], MaxAttempts: 0 },
  {
    ErrorEquals: ['States.ALL'],
    IntervalSeconds: 15,
    MaxAttempts: 4,
    BackoffRate: 2,
    JitterStrategy: 'FULL',
  },
];

function deleteStack(lab: string, part: StackPart, task: TaskOf): Chain {
  const StackName = stackName(lab, part);
  const name = part.charAt(0).toUpperCase() + part.slice(1);
  const is = (status: string, next: string) => ({
    Condition: `{% $states.input = '${status}' %}`,
    Next: next,
  });
  const states = (after: string): Readonly<Record<string, State>> => ({
    [`Delete${name}`]: {
      ...task('cloudformation:deleteStack', { StackName }),
      Catch: goOn(after),
      Next: `Wait${name}`,
    },
    [`Wait${name}`]: { Type: 'Wait', Seconds: 60, Next: `Look${name}` },
    [`Look${name}`]: {
      ...task('cloudformation:describeStacks', { StackName }),
      Output: '{% $states.result.Stacks[0].StackStatus %}',
      // A stack that is gone is an error to ask for: the way on.
      Catch: goOn(after),
      Next: `Is${name}Gone`,
    },
    [`Is${name}Gone`]: {
      Type: 'Choice',
      Choices: [
        is('DELETE_IN_PROGRESS', `Wait${name}`),
        // The network goes last and only when nothing else is left: its failure is the lab's.
        ...(part === 'network' ? [is('DELETE_FAILED', 'StillThere')] : []),
      ],
      Default: after,
    },
  });
  return { first: `Delete${name}`, states };
}

interface Query {
  readonly api: string;
  readonly by: object;
  /** Path to the ids in the answer. */
  readonly list: string;
  /** The variable that keeps them. */
  readonly as: 'vpcs' | 'found';
}

function find(name: string, { api, by, list, as }: Query, task: TaskOf): Chain {
  const states = (after: string): Readonly<Record<string, State>> => ({
    [name]: {
      ...task(api, by),
      Assign: { [as]: `{% [$states.result.${list}] %}` },
      Catch: [{ ErrorEquals: ['States.ALL'], Assign: { [as]: [] }, Next: after }],
      Next: after,
    },
  });
  return { first: name, states };
}

interface Deletion {
  readonly api: string;
  /** The call's parameter that takes the id. */
  readonly parameter: string;
}

function deleteFound(name: string, { api, parameter }: Deletion, task: TaskOf): Chain {
  const one: State = {
    ...task(api, { [parameter]: '{% $states.input %}' }),
    Catch: goOn('Left'),
    End: true,
  };
  const states = (after: string): Readonly<Record<string, State>> => ({
    [name]: {
      Type: 'Map',
      Items: '{% $found %}',
      MaxConcurrency: 5,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'DeleteOne',
        States: { DeleteOne: one, Left: { Type: 'Succeed' } },
      },
      Next: after,
    },
  });
  return { first: name, states };
}

const pause = (name: string, seconds: number): Chain => ({
  first: name,
  states: (after) => ({ [name]: { Type: 'Wait', Seconds: seconds, Next: after } }),
});

const byTag = (key: string, values: readonly string[], ...more: readonly object[]) => ({
  Filters: [{ Name: `tag:${key}`, Values: values }, ...more],
});
