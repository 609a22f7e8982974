import type { Command } from 'commander';
import { shownStage } from '../../lab/fault';
import { currentStep } from '../../lab/progress';
import { timeLeft } from '../../report/time';
import { findLab } from '../../session/catalogue';
import { drawnLab } from '../../session/drawn';
import { progressIn } from '../../session/learner';
import { runningLabs } from '../../session/local/running';
import { remoteLabs } from '../../session/remote/known';
import type { RemoteLife } from '../../session/remote/life';
import type { RunningLab } from '../../session/types';
import { EXIT, type ExitCode } from '../common/exit';
import { jsonOption } from '../common/options';
import type { Terminal } from '../common/terminal';

/** `lab status`: which labs are up, at which stage, for how long still. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  jsonOption(program.command('status'))
    .description('labs that are up: stage, pods and their addresses, time left, cost so far')
    .action(async (options: { readonly json?: true }) => {
      const alive = await runningLabs();
      const remote = await Promise.all(remoteLabs().map((one) => loadRemote().remoteLife(one)));
      if (options.json) terminal.out(JSON.stringify([...alive.map(shown), ...remote]));
      else printStatus(terminal, alive, remote);
      ended(EXIT.right);
    });
}

/** The client of AWS is loaded where a lab is on EKS. */
const loadRemote = () =>
  require('../../session/remote/life') as typeof import('../../session/remote/life');

function printStatus(
  terminal: Terminal,
  labs: readonly RunningLab[],
  remote: readonly RemoteLife[],
): void {
  for (const running of labs) {
    const { lab, target, stage, expiresAt, containers } = running;
    const at = stage === '' ? '' : `, stage ${shownStage(findLab(lab), stage)}`;
    terminal.out(`${lab}: up on ${target}${at}, ${timeLeft(expiresAt)} left, costs nothing`);
    for (const line of [...standLines(running), ...podLines(running)]) terminal.out(line);
    for (const { namespace, name, containerId } of containers) {
      terminal.out(`  ${namespace}/${name} is container ${containerId.slice(0, 12)}`);
    }
  }
  for (const { lines } of remote) terminal.out(lines.join('\n'));
  terminal.out(
    labs.length + remote.length === 0
      ? 'No lab is up; nothing costs anything.\n\nNext: lab list'
      : '\nNext: lab next, lab check, lab extend <hours>, lab down',
  );
}

/** The step one is at, the files on top of the stage, and the policies in force. */
function standLines({ lab: id, stage, applied }: RunningLab): readonly string[] {
  const lab = drawnLab(id);
  const step = currentStep(lab, progressIn(id));
  const at =
    step === undefined
      ? 'every step is done'
      : `at step ${step.id} (${lab.steps.indexOf(step) + 1} of ${lab.steps.length})`;
  if (stage === '') return [`  ${at}`];
  const files = applied.map(({ path }) => path);
  const policies = loadInForce()
    .objectsInForce(lab, { stage, applied })
    .filter(({ kind }) => /NetworkPolicy$/.test(kind))
    .map(
      ({ kind, namespace, name }) =>
        `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`,
    );
  return [
    `  ${at}`,
    `  applied on top: ${files.length === 0 ? 'nothing' : files.join(', ')}`,
    `  policies in force: ${policies.length === 0 ? 'none' : policies.join(', ')}`,
  ];
}

/** Pods with their nodes and addresses; a Linux lab has none. */
function podLines({ lab, stage, applied }: RunningLab): readonly string[] {
  if (stage === '') return [];
  const { pods } = loadWorld().stageWorld(findLab(lab), stage, { applied });
  const names = pods.map(({ namespace, name }) => `${namespace}/${name}`);
  const [width, nodes] = [names, pods.map(({ node }) => node)].map((texts) =>
    Math.max(0, ...texts.map(({ length }) => length)),
  );
  return pods.map(
    ({ node, addresses }, i) =>
      `  ${names[i]?.padEnd(width ?? 0)}  ${node.padEnd(nodes ?? 0)}  ${addresses.join(' ')}`,
  );
}

/** What reads manifests is loaded where a lab has some. */
const loadWorld = () =>
  require('../../session/lab-world') as typeof import('../../session/lab-world');

const loadInForce = () =>
  require('../../session/in-force') as typeof import('../../session/in-force');

/** Of what was applied the names are enough. */
const shown = ({ applied, ...rest }: RunningLab) => ({
  ...rest,
  step: currentStep(drawnLab(rest.lab), progressIn(rest.lab))?.id ?? null,
  applied: applied.map(({ path }) => path),
});
