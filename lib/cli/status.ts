import type { Command } from 'commander';
import { shownStage } from '../lab/fault';
import { findLab } from './catalogue';
import { EXIT, type ExitCode } from './exit';
import { remoteLabs } from './remote/known';
import type { RemoteLife } from './remote/life';
import { type RunningLab, runningLabs } from './running';
import type { Terminal } from './terminal';

/** `lab status`: which labs are up, at which stage, for how long still. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('status')
    .description('labs that are up: stage, pods with their addresses, time left, cost so far')
    .option('--json', 'print the value instead of the text')
    .action(async (options: { readonly json?: true }) => {
      const alive = await runningLabs();
      const remote = await Promise.all(remoteLabs().map((one) => loadRemote().remoteLife(one)));
      if (options.json) terminal.out(JSON.stringify([...alive.map(shown), ...remote]));
      else printStatus(terminal, alive, remote);
      ended(EXIT.right);
    });
}

/** The client of AWS is loaded where a lab is on EKS. */
const loadRemote = () => require('./remote/life') as typeof import('./remote/life');

function printStatus(
  terminal: Terminal,
  labs: readonly RunningLab[],
  remote: readonly RemoteLife[],
): void {
  for (const running of labs) {
    const { lab, target, stage, expiresAt, containers } = running;
    const at = stage === '' ? '' : `, stage ${shownStage(findLab(lab), stage)}`;
    terminal.out(`${lab}: up on ${target}${at}, ${timeLeft(expiresAt)} left, costs nothing`);
    for (const line of podLines(running)) terminal.out(line);
    for (const { namespace, name, containerId } of containers) {
      terminal.out(`  ${namespace}/${name} is container ${containerId.slice(0, 12)}`);
    }
  }
  for (const { lines } of remote) terminal.out(lines.join('\n'));
  terminal.out(
    labs.length + remote.length === 0
      ? 'No lab is up; nothing costs anything.\n\nNext: lab list'
      : '\nNext: lab check, lab extend <hours>, lab down',
  );
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
const loadWorld = () => require('./lab-world') as typeof import('./lab-world');

/** Of what was applied the names are enough. */
const shown = ({ applied, ...rest }: RunningLab) => ({
  ...rest,
  applied: applied.map(({ path }) => path),
});

/** Time from now until an ISO time: `7 h 59 min`. */
export function timeLeft(until: string): string {
  const minutes = Math.max(0, Math.round((Date.parse(until) - Date.now()) / 60_000));
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
