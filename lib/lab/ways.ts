import { type Check, describeCheck } from './check';
import type { Lab, Step } from './format';
import type { ShellLine } from './shell-line';

/** A command to type for a task, and what it is for. */
export interface WayToDo {
  readonly type: string;
  readonly why: string;
}

/**
 * The commands by which a task is done, without its solution: where to type, what to write, how to look. Of the
 * lines that solve a Linux step only the programs are named.
 */
export function waysToDo(lab: Lab<string>, step: Step): readonly WayToDo[] {
  const asked = step.checks.flatMap((check) => (check.kind === 'answer' ? [check] : []));
  const first = asked[0];
  const answer =
    first === undefined
      ? []
      : [{ type: `lab answer ${first.question.id} <your answer>`, why: describeCheck(first) }];
  return [...doing(lab, step), ...answer];
}

function doing(lab: Lab<string>, { solution, checks }: Step): readonly WayToDo[] {
  if (lab.environment.kind === 'linux') return typing(lab.environment.machines, solution);
  const from = checks.map(callerOf).find((name) => name !== undefined);
  const look = [
    { type: 'lab get', why: 'the objects in force; lab get <kind> prints YAML' },
    ...(from === undefined
      ? [{ type: 'lab matrix', why: 'who reaches whom, predicted and tried' }]
      : [{ type: `lab exec ${from} -- <command>`, why: 'a command in that pod' }]),
  ];
  if (solution.kind !== 'stage') return look;
  const file = lab.environment.network === undefined ? 'my.yaml' : 'my.yaml or my.template.yaml';
  return [
    { type: `lab apply ${file}`, why: 'your own objects, on top of what is in force' },
    { type: 'lab stage', why: 'the stages that are ready, to enter one in place of writing it' },
    ...look,
  ];
}

const callerOf = (check: Check): string | undefined =>
  'from' in check && typeof check.from === 'string' ? check.from : undefined;

function typing(
  machines: readonly { readonly name: string }[],
  solution: Step['solution'],
): readonly WayToDo[] {
  const lines = solution.kind === 'commands' ? solution.commands : [];
  const place = lines[0]?.in ?? machines[0]?.name ?? 'host';
  const programs = [...new Set(lines.map(programOf))].filter((word) => word !== '').slice(0, 6);
  const why = programs.length === 0 ? 'type there' : `type there; you need ${programs.join(', ')}`;
  return [
    { type: `lab shell ${place}`, why },
    { type: `lab capture ${place}`, why: 'packets there, in another terminal' },
  ];
}

/** `ip -n red link set x up` is `ip link`; a shell construct has no program to name. */
function programOf({ run }: ShellLine): string {
  const words = run
    .replace(/^(?:ip netns exec \S+|[A-Z_]+=\S+) /, '')
    .replace(/ -n \S+/, '')
    .split(/\s+/);
  const [program = '', verb = ''] = words;
  if (!/^[a-z][a-z-]*$/.test(program) || ['for', 'while', 'sh'].includes(program)) return '';
  return ['ip', 'nft', 'bridge', 'tc'].includes(program) && /^[a-z]+$/.test(verb)
    ? `${program} ${verb}`
    : program;
}
