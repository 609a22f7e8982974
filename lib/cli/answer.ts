import type { Command } from 'commander';
import { judgeAnswer, notRight } from '../lab/answer';
import type { Lab } from '../lab/format';
import { currentStep } from '../lab/progress';
import { allQuestions } from '../lab/validate';
import { Failure } from '../model/problem';
import { drawnLab } from './drawn';
import { EXIT, type ExitCode } from './exit';
import { progressIn, record } from './learner';
import { printRest } from './next';
import { runningLab } from './running';
import type { Terminal } from './terminal';

/** `lab answer <question> <words>`: answers a question of the running lab. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('answer <question> <words...>')
    .description("answers one of the lab's questions")
    .option('--lab <id>', 'which lab')
    .action(
      async (question: string, words: readonly string[], options: { readonly lab?: string }) => {
        const lab = drawnLab(options.lab ?? (await runningLab(undefined)).lab);
        ended(answer(terminal, lab, { question, typed: words.join(' ') }));
      },
    );
}

interface Answered {
  readonly question: string;
  readonly typed: string;
}

function answer(terminal: Terminal, lab: Lab<string>, { question: id, typed }: Answered): ExitCode {
  const all = allQuestions(lab);
  const question = all.find((one) => one.id === id);
  if (question === undefined) {
    const known = all.map((one) => one.id).join(', ');
    throw new Failure('unknown-question', `lab ${lab.id} asks no '${id}'`, `use ${known}`);
  }
  record(lab.id, { kind: 'answered', question: id, answer: typed });
  if (question.accept.kind === 'observed') {
    terminal.out('Noted.\n\nNext: lab check looks whether it is so');
    return EXIT.right;
  }
  if (judgeAnswer(question.accept, typed) === 'wrong') {
    terminal.out(notRight(question.accept, typed));
    terminal.out(`\nNext: ${lab.questions.includes(question) ? `lab show ${lab.id}` : 'lab hint'}`);
    return EXIT.differs;
  }
  terminal.out(`Right. ${question.because}`);
  const progress = progressIn(lab.id);
  if (currentStep(lab, progress) === undefined) printRest(terminal, lab, progress);
  else terminal.out('\nNext: lab check');
  return EXIT.right;
}
