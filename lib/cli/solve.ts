import type { Command } from 'commander';
import type { Solution } from '../lab/format';
import { currentStep } from '../lab/progress';
import { dropApplied } from './applied';
import { EXIT, type ExitCode } from './exit';
import { progressIn, record } from './learner';
import { inSession, type Session } from './session';
import { enterStage, proofLine } from './stage';
import type { Terminal } from './terminal';

/** `lab solve`: applies the solution of the current step, and proves what it does. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('solve')
    .description('applies the solution of the current step')
    .option('--lab <id>', 'which running lab, where several are up')
    .action(async (options: { readonly lab?: string }) =>
      ended(await inSession(options.lab, (session) => solve(terminal, session))),
    );
}

async function solve(terminal: Terminal, session: Session): Promise<ExitCode> {
  const { lab } = session;
  const step = currentStep(lab, progressIn(lab.id));
  if (step === undefined) {
    terminal.out('Every step is done.\n\nNext: lab down, then lab list');
    return EXIT.right;
  }
  record(lab.id, { kind: 'solution-taken', step: step.id });
  await apply(terminal, session, step.solution);
  terminal.out(`\nNext: lab check ${step.id}`);
  return EXIT.right;
}

async function apply(terminal: Terminal, session: Session, solution: Solution): Promise<void> {
  switch (solution.kind) {
    case 'stage': {
      dropApplied(session.lab.id);
      const proof = await enterStage(session, solution.stage);
      terminal.out(
        `The solution is stage ${solution.stage}: dist/${session.lab.id}/${solution.stage}.k8s.yaml after npx cdk8s synth.`,
      );
      terminal.out(proofLine(solution.stage, proof));
      return;
    }
    case 'commands':
      for (const { in: where, run } of solution.commands) terminal.out(`${where}$ ${run}`);
      return;
    case 'answers':
      terminal.out('This step is solved by the answers its checks ask for: lab check shows them.');
      return;
  }
}
