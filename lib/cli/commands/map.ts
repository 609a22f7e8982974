import type { Command } from 'commander';
import type { World } from '../../model/world';
import { pictureOf } from '../../picture/map';
import type { Picture } from '../../picture/types';
import { pictureText } from '../../report/picture';
import { findLab } from '../../session/catalogue';
import { refuseInExam } from '../../session/exam';
import { labMap, mapStageOf } from '../../session/lab-map';
import { stageWorld } from '../../session/lab-world';
import { withLocalSession } from '../../session/local/open';
import { EXIT, type ExitCode } from '../common/exit';
import { type InputOptions, inputOptions, ownWorld } from '../common/inputs';
import { jsonOption } from '../common/options';
import { type SvgFileOptions, svgOptions, writeSvg } from '../common/svg-file';
import type { Terminal } from '../common/terminal';

interface MapCommandOptions extends InputOptions, SvgFileOptions {
  readonly stage?: string;
  readonly before?: string;
}

/** `lab map [lab]`: a stage, a running lab or your own files as a picture, as text or as data. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  const command = program.command('map [lab]');
  jsonOption(svgOptions(inputOptions(command, 'your own manifests instead of a lab')))
    .description('who is isolated and which flows rules decide, as a picture or a list')
    .option('--stage <name>', 'stage of the lab; by default the one that it shows, or its last')
    .option('--before <name>', 'stage that it is compared with: what opened and what closed')
    .action(async (lab: string | undefined, options: MapCommandOptions) =>
      ended(await map(terminal, lab, options)),
    );
}

async function map(
  terminal: Terminal,
  named: string | undefined,
  options: MapCommandOptions,
): Promise<ExitCode> {
  const own = ownWorld(options, terminal);
  if (own !== undefined) return print(terminal, pictureOf(mapStageOf(own)), options);
  const { stage, before } = options;
  const asked = { ...(stage !== undefined && { stage }), ...(before !== undefined && { before }) };
  if (named !== undefined) refuseInExam(named, 'lab map');
  if (named !== undefined) return print(terminal, labMap(findLab(named), asked), options);
  return withLocalSession(undefined, async ({ lab, running, local }) => {
    refuseInExam(lab.id, 'lab map');
    const shown = stage ?? running.stage;
    // What the learner applied is part of the stage that the running lab shows.
    const worldAt = (name: string): World =>
      name === running.stage ? local.world() : stageWorld(lab, name);
    return print(terminal, labMap(lab, { ...asked, stage: shown, worldAt }), options);
  });
}

function print(terminal: Terminal, picture: Picture, options: MapCommandOptions): ExitCode {
  if (options.svg !== undefined) writeSvg(picture, options.svg, options);
  if (options.json) terminal.out(JSON.stringify(picture));
  else if (options.svg === undefined)
    terminal.out(
      `${pictureText(picture, terminal.palette)}\n\nNext: the same with --svg map.svg draws it`,
    );
  else terminal.out(`${picture.title}\n${picture.about}\nwritten: ${options.svg}`);
  return EXIT.right;
}
