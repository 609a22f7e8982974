import { type StackPart, stackName } from '../model/lab-tags';

/** One state of Amazon States Language. */
export type State = Readonly<Record<string, unknown>> & {
  readonly Type: 'Task' | 'Wait' | 'Choice' | 'Map' | 'Succeed' | 'Fail';
  readonly Next?: string;
};

/** Name of what the definition leaves open: the partition of AWS, known at deployment. */
export const PARTITION = 'partition';

/** States that run one after another; the last ones lead to whatever `after` names. */
export interface Chain {
  readonly first: string;
  readonly states: (after: string) => Readonly<Record<string, State>>;
}

/** All states of the steps, each leading to the next, the last one to `Done`. */
export function join(chains: readonly Chain[]): Readonly<Record<string, State>> {
  const states = chains.map((chain, i) => chain.states(chains[i + 1]?.first ?? 'Done'));
  return Object.assign({}, ...states);
}

/** Deletes one stack of the lab and looks every minute whether it is gone. */
export function deleteStack(lab: string, part: StackPart): Chain {
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

export interface Query {
  readonly api: string;
  readonly by: object;
  /** Path to the ids in the answer. */
  readonly list: string;
  /** The variable that keeps them. */
  readonly as: 'vpcs' | 'found';
}

/** Looks something up and keeps the ids; nothing found, or no answer, is an empty list. */
export function find(name: string, { api, by, list, as }: Query): Chain {
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

export interface Deletion {
  readonly api: string;
  /** The call's parameter that takes the id. */
  readonly parameter: string;
}

/** Deletes everything found last, a few at a time, whatever becomes of each. */
export function deleteFound(name: string, { api, parameter }: Deletion): Chain {
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

/** Lets AWS finish what no call can be asked about. */
export const pause = (name: string, seconds: number): Chain => ({
  first: name,
  states: (after) => ({ [name]: { Type: 'Wait', Seconds: seconds, Next: after } }),
});

const task = (api: string, argument: object): State => ({
  Type: 'Task',
  Resource: `arn:\${${PARTITION}}:states:::aws-sdk:${api}`,
  Arguments: argument,
  Retry: RETRIES,
});

/** Goes on whatever happens: one thing that cannot go must not keep the others. */
const goOn = (next: string) => [{ ErrorEquals: ['States.ALL'], Next: next }];

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
