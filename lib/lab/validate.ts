import type { Problem } from '../model/problem';
import type { Accept, Question } from './answer';
import { type Check, CLUSTER_ONLY, type FlowTarget, parseTarget } from './check';
import type { Lab, Step } from './format';
import { headProblems } from './head';
import { parseArrow } from './resolve';

/** What is known about a lab from what was synthesized for it. */
export interface Known {
  /** Stages that charts exist for. */
  readonly stages: readonly string[];
  /** Does something of this name exist at some stage? */
  readonly hasEnd: (name: string) => boolean;
}

type AnyLab = Lab<string>;
/** Collects problems of one lab: path, what is wrong, what to do. */
type Report = (path: string, problem: string, fix: string) => void;

/** All problems of all labs at once; an empty list where every lab is sound. */
export function validateLabs(
  labs: readonly AnyLab[],
  known: (lab: AnyLab) => Known,
): readonly Problem[] {
  const problems: Problem[] = [];
  const ids = labs.map((lab) => lab.id);
  for (const lab of labs) {
    const report: Report = (path, problem, fix) =>
      problems.push({ file: `labs/${lab.id}/lab.ts`, document: 0, path, problem, fix });
    if (ids.indexOf(lab.id) !== ids.lastIndexOf(lab.id))
      report('id', `two labs are called '${lab.id}'`, 'give one of them another id');
    problems.push(...headProblems(`labs/${lab.id}/lab.ts`, lab.head));
    validateLab(lab, { report, ids, known: known(lab) });
  }
  return problems;
}

interface Context {
  readonly report: Report;
  readonly ids: readonly string[];
  readonly known: Known;
}

function validateLab(lab: AnyLab, context: Context): void {
  const { report, ids } = context;
  for (const [i, id] of lab.prerequisites.entries()) {
    if (!ids.includes(id))
      report(`prerequisites[${i}]`, `no lab is called '${id}'`, `use one of ${ids.join(', ')}`);
  }
  if (lab.targets.length === 0) report('targets', 'it runs nowhere', 'name a target');
  if (!lab.targets.includes('local') && lab.localLimits === undefined)
    report('localLimits', 'nothing says why it does not run locally', 'say what is missing there');
  // A lab without the target may have a cloud all the same, for `cdk deploy`.
  if (lab.targets.includes('eks') && lab.cost === 'none')
    report('cost', "a lab that runs on EKS does not cost 'none'", 'name its class of cost');
  if (lab.steps.length === 0) report('steps', 'it has no step', 'add one');
  unique(
    lab.steps.map((step) => step.id),
    'steps',
    report,
  );
  unique(
    allQuestions(lab).map((question) => question.id),
    'questions',
    report,
  );
  validateStages(lab, context);
  for (const [i, step] of lab.steps.entries()) validateStep(lab, step, at(context, `steps[${i}]`));
  for (const [i, question] of lab.questions.entries())
    validateAccept(question.accept, at(context, `questions[${i}].accept`).report);
}

function validateStages(lab: AnyLab, { report, known }: Context): void {
  const names = lab.stages.map((stage) => stage.name);
  unique(names, 'stages', report);
  const extra = names.filter((name) => !known.stages.includes(name));
  const missing = known.stages.filter((name) => !names.includes(name));
  for (const name of extra) report('stages', `no charts for stage '${name}'`, 'write them');
  for (const name of missing) report('stages', `stage '${name}' is left out`, 'say what it is');
  if (lab.environment.kind === 'cluster' && (lab.start === undefined || !names.includes(lab.start)))
    report('start', `it starts at '${lab.start}', which is no stage`, `use ${names.join(' or ')}`);
  for (const [i, stage] of lab.stages.entries()) {
    for (const [key, arrows] of [
      ['keeps', stage.keeps],
      ['closes', stage.closes],
    ] as const) {
      for (const [j, arrow] of arrows.entries()) {
        const { from, to } = parseArrow(arrow);
        const path = `stages[${i}].${key}[${j}]`;
        endExists(from, { report, path, known });
        targetExists(to, { report, path, known });
      }
    }
  }
}

function validateStep(lab: AnyLab, step: Step, context: Context): void {
  const { report } = context;
  if (step.checks.length === 0) report('checks', 'it has no check', 'say what to observe');
  if (step.hints.length === 0) report('hints', 'it has no hint', 'help a little');
  const { solution } = step;
  switch (solution.kind) {
    case 'stage':
      if (!lab.stages.some((stage) => stage.name === solution.stage))
        report('solution', `no stage is called '${solution.stage}'`, 'use a stage of this lab');
      break;
    case 'commands':
      if (solution.commands.length === 0) report('solution', 'it does nothing', 'add a command');
      break;
    case 'answers':
      if (!step.checks.some((check) => check.kind === 'answer'))
        report('solution', 'no check asks for an answer', 'ask one, or name a stage');
      break;
  }
  for (const [i, check] of step.checks.entries()) {
    const inner = at(context, `checks[${i}]`);
    if (CLUSTER_ONLY.includes(check.kind) && lab.localLimits === undefined)
      inner.report('kind', `'${check.kind}' needs a cluster`, 'say so in localLimits');
    validateCheck(check, inner);
  }
}

function validateCheck(check: Check, { report, known }: Context): void {
  const end = (path: string, name: string): void => endExists(name, { report, path, known });
  switch (check.kind) {
    case 'ping':
      end('from', check.from);
      if (!/^[\d.]+$|:/.test(check.to)) end('to', check.to);
      break;
    case 'dns':
      end('from', check.from);
      if (check.expect.kind === 'addresses-of')
        for (const [i, name] of check.expect.ends.entries()) end(`expect.ends[${i}]`, name);
      break;
    case 'state':
      if (!known.stages.includes(check.as))
        report('as', `no stage is called '${check.as}'`, 'use a stage of this lab');
      break;
    case 'machines':
      for (const [i, { from }] of check.flows.entries())
        for (const name of from) end(`flows[${i}].from`, name);
      break;
    case 'fact':
    case 'object':
    case 'admission':
      break;
    case 'answer':
      validateAccept(check.question.accept, report);
      break;
    case 'http':
      end('from', check.from);
      break;
    case 'flow':
    case 'wire':
    case 'distribution':
    case 'explanation':
    case 'staged':
      end('from', check.from);
      if (check.kind === 'flow' && check.control !== undefined) end('control', check.control);
      targetExists(check.to, { report, path: 'to', known });
      break;
  }
}

function validateAccept(accept: Accept, report: Report): void {
  if (accept.kind === 'choice' && !accept.options.includes(accept.right))
    report('right', `'${accept.right}' is not among the options`, 'add it');
  if (accept.kind === 'text' && (accept.right.length === 0 || accept.wrong.length === 0))
    report('right', 'a text needs a right and a wrong example', 'add them');
}

interface NameContext {
  readonly report: Report;
  readonly path: string;
  readonly known: Known;
}

function targetExists(target: FlowTarget, place: NameContext): void {
  const { end, port } = parseTarget(target);
  endExists(end, place);
  if (!(Number.isInteger(port) && port >= 1 && port <= 65535))
    place.report(place.path, `'${target}' has no port of 1 to 65535`, 'write name:port');
}

function endExists(name: string, { report, path, known }: NameContext): void {
  if (!known.hasEnd(name))
    report(path, `'${name}' does not exist in this lab`, 'use a name of this lab');
}

function unique(names: readonly string[], path: string, report: Report): void {
  for (const name of new Set(names.filter((each, i) => names.indexOf(each) !== i)))
    report(path, `two are called '${name}'`, 'give one of them another name');
}

/** Every question of a lab: those of its steps' checks, and those at its end. */
export const allQuestions = (lab: AnyLab): readonly Question[] => [
  ...lab.questions,
  ...lab.steps.flatMap((step) =>
    step.checks.flatMap((check) => (check.kind === 'answer' ? [check.question] : [])),
  ),
];

const at = (context: Context, prefix: string): Context => ({
  ...context,
  report: (path, problem, fix) => context.report(`${prefix}.${path}`, problem, fix),
});
