import type { Command } from 'commander';
import type { Lab } from '../../lab/format';
import { currentStep } from '../../lab/progress';
import { answerQuestion } from '../../session/answering';
import { drawnLab } from '../../session/drawn';
import { openExam } from '../../session/exam';
import { progressIn } from '../../session/learner';
import { findLabId } from '../../session/open/find';
import { EXIT, type ExitCode } from '../common/exit';
import { printRest } from '../common/next';
import { labOption } from '../common/options';
import type { Terminal } from '../common/terminal';

/** `lab answer <question> <words>`: answers a question of the running lab. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  labOption(program.command('answer <question> <words...>'))
    .allowUnknownOption()
    .description("answers one of the lab's questions")
    .action(
      async (question: string, words: readonly string[], options: { readonly lab?: string }) => {
        const lab = drawnLab(options.lab ?? (await findLabId({})));
        ended(answer(terminal, lab, { question, typed: words.join(' ') }));
      },
    );
}

interface Answered {
  readonly question: string;
  readonly typed: string;
}

function answer(terminal: Terminal, lab: Lab<string>, { question: id, typed }: Answered): ExitCode {
  const { question, verdict, why } = answerQuestion(lab, id, typed);
  if (verdict === 'noted') {
    terminal.out('Noted.\n\nNext: lab check compares it with your machine');
    return EXIT.right;
  }
  if (verdict === 'wrong') {
    terminal.out(why);
    const help = lab.questions.includes(question) ? `lab show ${lab.id}` : 'lab hint';
    const isExam = openExam()?.lab === lab.id;
    terminal.out(`\nNext: ${isExam ? `lab answer ${id} <your answer>` : help}`);
    return EXIT.differs;
  }
  terminal.out(`Right. ${why}`.trimEnd());
  const progress = progressIn(lab.id);
  if (currentStep(lab, progress) === undefined) printRest(terminal, lab, progress);
  else terminal.out('\nNext: lab check');
  return EXIT.right;
}
