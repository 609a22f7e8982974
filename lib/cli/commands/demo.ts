import type { Command } from 'commander';
import type { Lab } from '../../lab/format';
import type { World } from '../../model/world';
import { predictMatrix, prove } from '../../proof/proof';
import { createEngine } from '../../reach/engine';
import { diff } from '../../reach/questions/diff';
import { discrepancyText } from '../../report/comparison';
import { diffText } from '../../report/diff';
import { matrixText } from '../../report/matrix';
import { matrixLegend, matrixPairText } from '../../report/matrix-pair';
import { type Capability, modeOf } from '../../runtime/doctor/capability';
import { examine } from '../../runtime/doctor/doctor';
import { findLab } from '../../session/catalogue';
import { stageWorld } from '../../session/lab-world';
import { synthesizeTemplates } from '../../session/synthesize';
import { bringUp, type Local } from '../../targets/local/local';
import { EXIT, type ExitCode } from '../common/exit';
import { installMissing } from '../common/install';
import { withSandbox } from '../common/sandbox';
import type { Terminal } from '../common/terminal';

const LAB = 'k8s-5-network-policy';
/** A stage that closes everything changes more pairs than a person reads. */
const MOST_CHANGES = 6;

/** `npm start`: one lab the whole way, from synthesis through the prediction to real packets. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('demo')
    .description('one lab the whole way: synthesized, predicted and proven at every stage')
    .action(async () => ended(await demo(terminal)));
}

async function demo(terminal: Terminal): Promise<ExitCode> {
  const started = performance.now();
  const lab = findLab(LAB);
  terminal.out(terminal.palette.strong(`${lab.id}: ${lab.title}`));
  const templates = synthesizeTemplates(lab.id);
  const worlds = lab.stages.map((stage) => ({ ...stage, world: stageWorld(lab, stage.name) }));
  terminal.out(
    `synthesized: ${templates.length} CloudFormation templates, ${worlds.length} policy stages (${seconds(started)})`,
  );
  const missing = await whatIsMissing(terminal);
  const code =
    missing.length === 0
      ? await walk(terminal, worlds)
      : predictOnly(terminal, { lab, worlds, missing });
  const end =
    missing.length === 0
      ? `Next: npx lab list, npx lab up ${lab.id}`
      : 'Nothing was proven with packets: everything above is predicted.';
  terminal.out(`\n${seconds(started)} in all. ${end}`);
  return code;
}

interface StageWorld {
  readonly name: string;
  readonly about: string;
  readonly world: World;
}

/** What no local lab can do without and this machine lacks, after an attempt to install it. */
async function whatIsMissing(terminal: Terminal): Promise<readonly Capability[]> {
  const lacking = async (): Promise<readonly Capability[]> => {
    const all = await examine();
    if (modeOf(all) !== 'none') return [];
    return all.filter(({ kind, needed }) => kind === 'missing' && needed === 'always');
  };
  const first = await lacking();
  if (!first.some(({ id }) => id === 'nftables')) return first;
  const nft = { program: 'nft', package: 'nftables' };
  return (await installMissing(terminal, [nft], 'never')) ? lacking() : first;
}

async function walk(terminal: Terminal, stages: readonly StageWorld[]): Promise<ExitCode> {
  const [first, ...rest] = stages;
  if (first === undefined) return EXIT.right;
  const differing = await withSandbox(async (sandbox) => {
    const started = performance.now();
    const local = await bringUp(sandbox, first.world);
    const { pods, nodes } = first.world;
    terminal.out(
      `local target up: ${pods.length} pods on ${nodes.length} nodes, each a network namespace (${seconds(started)})`,
    );
    terminal.out(title(terminal, first));
    terminal.out(matrixLegend(predictMatrix(first.world), terminal.palette));
    let count = await show(terminal, local);
    for (const stage of rest) {
      const before = local.world();
      await local.moveTo(stage.world);
      terminal.out(title(terminal, stage));
      printChanges(terminal, before, stage.world);
      count += await show(terminal, local);
    }
    return count;
  });
  const verdict =
    differing === 0
      ? terminal.palette.good('Every flow of every stage went as predicted.')
      : terminal.palette.bad(`${differing} flows did not go as predicted.`);
  terminal.out(`\n${verdict} Torn down: nothing is left.`);
  return differing === 0 ? EXIT.right : EXIT.differs;
}

/** Prints one stage's two matrices, and answers how many flows differ. */
async function show(terminal: Terminal, local: Local): Promise<number> {
  const { predicted, observed, flows, differing, millis } = await prove(local);
  terminal.out(matrixPairText(predicted, observed, terminal.palette));
  for (const one of differing) terminal.out(discrepancyText(one));
  terminal.out(
    `  ${flows} flows with real packets in ${Math.round(millis)} ms: ${flows - differing.length} as predicted, ${differing.length} differ`,
  );
  return differing.length;
}

function printChanges(terminal: Terminal, before: World, after: World): void {
  const side = (world: World) => ({ world, engine: createEngine(world, { staged: 'as-written' }) });
  terminal.out(diffText(diff(side(before), side(after)), terminal.palette, MOST_CHANGES));
}

const title = (terminal: Terminal, { name, about }: StageWorld): string =>
  `\n${terminal.palette.strong(`stage ${name}`)}: ${about}`;

interface Unproven {
  readonly lab: Lab<string>;
  readonly worlds: readonly StageWorld[];
  readonly missing: readonly Capability[];
}

/** Where no packet can be sent: says why and how to mend it, and shows what is predicted. */
function predictOnly(terminal: Terminal, { worlds, missing }: Unproven): ExitCode {
  for (const stage of worlds) {
    terminal.out(title(terminal, stage));
    terminal.out(matrixText(predictMatrix(stage.world), terminal.palette));
  }
  terminal.err('\nPredicted only: this machine cannot send the packets that would prove it.');
  for (const one of missing) {
    if (one.kind === 'missing') terminal.err(`  ${one.title}: ${one.why}\n    fix: ${one.fix}`);
  }
  return EXIT.unusable;
}

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;
