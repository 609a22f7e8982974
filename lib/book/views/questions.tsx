import { useState } from 'preact/hooks';
import { judgeAnswer, type Question, wrongBecause } from '../../lab/answer';
import { progressOf, recordEvent } from '../book';
import { ask, isLive } from '../live';
import { CommandLine, Inline } from '../parts/controls';
import type { LabViewProps } from './lab-place';

/** The questions at a lab's end. */
export function Questions(props: LabViewProps) {
  const { questions } = props.lab;
  if (questions.length === 0) return null;
  return (
    <>
      <h2>Questions</h2>
      {questions.map((question) => (
        <AskedQuestion key={question.id} {...props} question={question} />
      ))}
    </>
  );
}

/** One question; what is answered is judged as `lab answer` judges it. */
export function AskedQuestion({ lab, question }: LabViewProps & { readonly question: Question }) {
  const said = progressOf(lab.id)?.answers[question.id];
  const [draft, setDraft] = useState(said ?? '');
  const { accept } = question;
  const answer = (event: Event) => {
    event.preventDefault();
    if (draft.trim() === '') return;
    if (isLive) void ask(lab.id, 'answer', { question: question.id, answer: draft });
    else recordEvent(lab.id, { kind: 'answered', question: question.id, answer: draft });
  };
  if (accept.kind === 'observed' && !isLive) {
    return (
      <div class="question">
        <p>
          <Inline text={question.ask} />
        </p>
        <p class="remark">
          Only the running lab knows the answer:{' '}
          <CommandLine command={`lab answer ${question.id} <answer>`} />
        </p>
      </div>
    );
  }
  return (
    <form class="question" onSubmit={answer}>
      {accept.kind === 'choice' ? (
        <fieldset>
          <legend>
            <Inline text={question.ask} />
          </legend>
          {accept.options.map((option) => (
            <label key={option}>
              <input
                type="radio"
                name={question.id}
                value={option}
                checked={draft === option}
                onChange={() => setDraft(option)}
              />{' '}
              <span>
                <Inline text={option} />
              </span>
            </label>
          ))}
        </fieldset>
      ) : (
        <label class="typed">
          <span>
            <Inline text={question.ask} />
          </span>
          <input
            type="text"
            value={draft}
            autocomplete="off"
            onInput={(event) => setDraft(event.currentTarget.value)}
          />
        </label>
      )}
      <button type="submit" class="secondary">
        Answer
      </button>
      {said !== undefined && accept.kind !== 'observed' && (
        <Judged question={question} said={said} />
      )}
    </form>
  );
}

function Judged({ question, said }: { readonly question: Question; readonly said: string }) {
  const right = judgeAnswer(question.accept, said) === 'right';
  return (
    <p class={right ? 'judged right' : 'judged wrong'} role="status">
      <strong>{right ? 'Right.' : 'Not right.'}</strong>{' '}
      <Inline text={right ? question.because : wrongBecause(question.accept, said)} />
    </p>
  );
}
