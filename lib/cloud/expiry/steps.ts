import { type StackPart, stackName } from '../../model/lab-tags';

/** One state of Amazon States Language. */
export type State = Readonly<Record<string, unknown>> & {
  readonly Type: 'Task' | 'Pass' | 'Wait' | 'Choice' | 'Map' | 'Succeed' | 'Fail';
  readonly Next?: string;
};

/** Name of what the definition leaves open: the partition of AWS, known at deployment. */
export const PARTITION = 'partition';

/** States that run one after another; the last ones lead to whatever `after` names. */
export interface Chain {
  readonly first: string;
  readonly states: (after: string) => Readonly<Record<string, State>>;
}

/** All states of the steps, each leading to the next, the last one to `last`. */
export function join(chains: readonly Chain[], last: string): Readonly<Record<string, State>> {
  const states = chains.map((chain, i) => chain.states(chains[i + 1]?.first ?? last));
  return Object.assign({}, ...states);
}

/** Looks that AWS may leave unanswered in a row before the machine goes on without knowing. */
const LOST_LOOKS = 10;

/**
 * Deletes one stack of the lab and looks every minute whether it is gone. Only CloudFormation's own
 * word says so: Step Functions calls a stack that does not exist and a throttled call by one name,
 * so the error's text decides, and a look without an answer is made again.
 */
export function deleteStack(lab: string, part: StackPart, mode: object = {}): Chain {
  const StackName = stackName(lab, part);
  const name = part.charAt(0).toUpperCase() + part.slice(1);
  const states = (after: string): Readonly<Record<string, State>> => ({
    [`Delete${name}`]: {
      ...task('cloudformation:deleteStack', { StackName, ...mode }),
      Retry: RETRIES,
      Assign: { lost: 0 },
      Catch: goOn(after),
      Next: `Wait${name}`,
    },
    [`Wait${name}`]: { Type: 'Wait', Seconds: 60, Next: `Look${name}` },
    [`Look${name}`]: {
      ...task('cloudformation:describeStacks', { StackName }),
      Assign: { lost: 0 },
      Output: '{% $states.result.Stacks[0].StackStatus %}',
      Catch: [
        {
          ErrorEquals: ['States.ALL'],
          Assign: { lost: '{% $lost + 1 %}' },
          Output:
            "{% $contains($string($states.errorOutput), 'does not exist') ? 'GONE' : 'NOT_TOLD' %}",
          Next: `Is${name}Gone`,
        },
      ],
      Next: `Is${name}Gone`,
    },
    [`Is${name}Gone`]: {
      Type: 'Choice',
      Choices: [
        { Condition: "{% $states.input = 'DELETE_IN_PROGRESS' %}", Next: `Wait${name}` },
        {
          Condition: `{% $states.input = 'NOT_TOLD' and $lost < ${LOST_LOOKS} %}`,
          Next: `Wait${name}`,
        },
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
      Retry: RETRIES,
      Assign: { [as]: `{% [$states.result.${list}] %}` },
      Catch: [{ ErrorEquals: ['States.ALL'], Assign: { [as]: [] }, Next: after }],
      Next: after,
    },
  });
  return { first: name, states };
}

export interface Deletion {
  readonly api: string;
  /** The call's arguments; `$states.input` is the id. */
  readonly one: object;
  /** Which of those found last; all of them, where nothing is said. */
  readonly items?: string;
}

/** Deletes everything found last, a few at a time, whatever becomes of each. */
export function deleteFound(name: string, { api, one, items = '$found' }: Deletion): Chain {
  const deletion: State = {
    ...task(api, one),
    Retry: RETRIES,
    Catch: goOn('Left'),
    End: true,
  };
  const states = (after: string): Readonly<Record<string, State>> => ({
    [name]: {
      Type: 'Map',
      Items: `{% ${items} %}`,
      MaxConcurrency: 5,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'DeleteOne',
        States: { DeleteOne: deletion, Left: { Type: 'Succeed' } },
      },
      Catch: goOn(after),
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
});

/** Goes on whatever happens: one thing that cannot go must not keep the others. */
const goOn = (next: string) => [{ ErrorEquals: ['States.ALL'], Next: next }];

/** Throttles, slow moments, and what something else still holds. */
const RETRIES = [
  {
    ErrorEquals: ['States.ALL'],
    IntervalSeconds: 15,
    MaxAttempts: 4,
    BackoffRate: 2,
    JitterStrategy: 'FULL',
  },
];
