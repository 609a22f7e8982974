import { useState } from 'preact/hooks';
import { describeCheck } from '../../lab/check';
import type { Solution, Step } from '../../lab/format';
import { currentStep, nextHint } from '../../lab/progress';
import type { CheckAnswer } from '../../serve/api/shapes';
import { useAction } from '../action';
import { go, progressOf, recordEvent } from '../book';
import { act, ask, isLive, upLab } from '../live';
import { ActionLine } from '../parts/action-line';
import { CommandLine, Inline, KeyCap } from '../parts/controls';
import { Icon } from '../parts/icon';
import { formatRoute } from '../route';
import { CheckResults } from './check-results';
import { lightFirst } from './failed-checks';
import { useKeys } from './keyboard';
import type { LabViewProps } from './lab-place';
import { AskedQuestion } from './questions';

/** The steps of a lab; the current one is open. */
export function Tasks(props: LabViewProps) {
  const { lab } = props;
  const current = currentStep(lab, progressOf(lab.id));
  const [opened, setOpened] = useState<string | undefined>(undefined);
  const open = opened ?? current?.id;
  useKeys({ h: () => current && takeHint(lab.id, current) });
  return (
    <ol class="tasks">
      {lab.steps.map((step, i) => (
        <li key={step.id} class={step.id === current?.id ? 'task current' : 'task'}>
          <TaskNumber number={i + 1} done={isDone(lab.id, step)} />
          <div class="task-body">
            <button
              type="button"
              class="task-title"
              aria-expanded={step.id === open}
              onClick={() => setOpened(step.id === open ? '' : step.id)}
            >
              <Inline text={step.task} />
            </button>
            {step.id === open && <TaskDetails {...props} step={step} />}
          </div>
        </li>
      ))}
    </ol>
  );
}

const isDone = (lab: string, { id }: Step): boolean => progressOf(lab)?.done.includes(id) ?? false;

const TaskNumber = ({ number, done }: { readonly number: number; readonly done: boolean }) =>
  done ? (
    <span class="task-number done">
      <Icon name="done" />
      <span class="unseen">done</span>
    </span>
  ) : (
    <span class="task-number">{number}</span>
  );

interface TaskProps extends LabViewProps {
  readonly step: Step;
}

/** Hints one by one, as `lab hint` gives them, and kept where `lab` or this browser keeps them. */
function takeHint(lab: string, step: Step): void {
  if (nextHint(step, progressOf(lab)) === undefined) return;
  if (isLive) void ask(lab, 'hint', {});
  else recordEvent(lab, { kind: 'hint-taken', step: step.id });
}

function TaskDetails(props: TaskProps) {
  const { lab, step } = props;
  const own = progressOf(lab.id);
  const taken = own?.hints[step.id] ?? 0;
  const solved = own?.solved.includes(step.id) ?? false;
  const { state, run } = useAction();
  const [checked, setChecked] = useState<CheckAnswer | undefined>(undefined);
  const isUp = upLab(lab.id) !== undefined;
  const check = () =>
    run(async (progress) => {
      const answer = await act(lab.id, 'check', { step: step.id }, { progress });
      setChecked(answer);
      lightFirst(lab.id, answer.results);
    });
  const solve = () => {
    if (!isUp) recordEvent(lab.id, { kind: 'solution-taken', step: step.id });
    else
      run(async (progress) => {
        const { stage } = await act(lab.id, 'solve', {}, { progress });
        if (stage !== undefined) go({ ...props.place, stage });
      });
  };
  useKeys(isUp ? { c: check } : {});
  return (
    <>
      <div class="task-actions">
        {isUp && (
          <button type="button" class="primary" disabled={state.busy} onClick={check}>
            Check <KeyCap>c</KeyCap>
          </button>
        )}
        <button
          type="button"
          class="secondary"
          disabled={nextHint(step, own) === undefined}
          onClick={() => takeHint(lab.id, step)}
        >
          Hint <KeyCap>h</KeyCap>
        </button>
        {lab.stages.length > 0 && (
          <a class="quiet" href={formatRoute({ ...props.place, tab: 'editor' })}>
            Open editor
          </a>
        )}
        <button type="button" class="quiet" disabled={isUp ? state.busy : solved} onClick={solve}>
          {isUp ? 'Solve it' : 'Show the solution'}
        </button>
      </div>
      {checked !== undefined && <CheckResults results={checked.results} lab={lab.id} />}
      <ActionLine
        busy={state.busy}
        text={state.text}
        problem={state.error?.problem}
        fix={state.error?.fix}
      />
      <ol class="hints" aria-label="Hints">
        {step.hints.slice(0, taken).map((hint) => (
          <li key={hint}>
            <Inline text={hint} />
          </li>
        ))}
      </ol>
      {step.checks.flatMap((check) =>
        check.kind === 'answer'
          ? [<AskedQuestion key={check.question.id} {...props} question={check.question} />]
          : [],
      )}
      <details class="checked">
        <summary>What is checked</summary>
        <ul>
          {step.checks.map((check) => (
            <li key={describeCheck(check)}>
              <Inline text={describeCheck(check)} />
            </li>
          ))}
        </ul>
      </details>
      {solved && <SolutionText {...props} solution={step.solution} />}
    </>
  );
}

function SolutionText({ lab, place, step, solution }: TaskProps & { readonly solution: Solution }) {
  return (
    <div class="solution">
      {solution.kind === 'stage' && (
        <p>
          The stage{' '}
          <a href={formatRoute({ ...place, tab: 'editor', stage: solution.stage })}>
            {solution.stage}
          </a>
          , by command: <CommandLine command={`lab stage ${solution.stage} ${lab.id}`} />
        </p>
      )}
      {solution.kind === 'commands' && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls must be reachable by keyboard
        <pre tabIndex={0}>
          <code>{solution.commands.map(({ in: at, run }) => `${at}$ ${run}`).join('\n')}</code>
        </pre>
      )}
      <p>
        <Inline text={step.because} />
      </p>
    </div>
  );
}
