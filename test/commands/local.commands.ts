import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { labs } from '../../labs';
import type { Lab, Step } from '../../lib/lab/format';
import { newPerson, type Person } from '../cli/run';
import { describePackets, missingPrograms } from '../packets/kernel';
import { attempt, type Complaint, placed } from './attempt';
import { textLines } from './texts';

const root = join(__dirname, '../..');
const missing = missingPrograms('conntrack', 'curl', 'iptables', 'nc', 'tcpdump');
const local = labs.filter(({ targets }) => targets.includes('local'));

describePackets(
  'every command of a text works in its lab, at the start or after one of its steps',
  () => {
    const person = newPerson();
    beforeAll(() => {
      const env = { ...process.env, CDK8S_OUTDIR: join(person.folder, 'dist') };
      execFileSync('node', ['--import', 'tsx', 'bin/charts.ts'], { cwd: root, env });
      // Texts name files of the labs as they stand in the project's folder.
      symlinkSync(join(root, 'labs'), join(person.folder, 'labs'));
    });
    afterEach(() => person.here('down', '--all'));
    afterAll(() => person.leave());

    test.each(local.map((lab) => ({ id: lab.id, lab })))('$id', async ({ lab }) => {
      expect((await person.here('up', lab.id)).code).toBe(0);
      expect(await complaints(person, lab)).toEqual([]);
    });
  },
  missing,
);

/** What never worked: tried at the start, and what did not work then after each solution. */
async function complaints(person: Person, lab: Lab<string>): Promise<readonly Complaint[]> {
  const lines = textLines.filter(({ id }) => id === lab.id);
  let left = placed(lab, lines).filter(({ way }) => ['lab', 'machine', 'shell'].includes(way));
  let said: readonly Complaint[] = [];
  for (const step of [undefined, ...lab.steps]) {
    if (step !== undefined) solve(person, step);
    const tried = [];
    for (const line of left) tried.push({ line, complaint: await attempt(person, lab, line) });
    left = tried.filter(({ complaint }) => complaint !== undefined).map(({ line }) => line);
    said = tried.flatMap(({ complaint }) => complaint ?? []);
    if (left.length === 0) return [];
  }
  return said;
}

/** Does what the step's solution says, as a learner would type it. */
function solve(person: Person, { id, solution }: Step): void {
  if (solution.kind === 'stage') expect(person.lab('stage', solution.stage).code).toBe(0);
  if (solution.kind !== 'commands') return;
  for (const [machine, run] of inOneGo(solution.commands)) {
    const { code, err } = person.lab('exec', machine, '--', 'sh', '-e', '-c', run);
    expect({ id, code, err }).toMatchObject({ id, code: 0 });
  }
}

type Lines = Extract<Step['solution'], { kind: 'commands' }>['commands'];

/** Lines of one machine that follow each other, as one script. */
function inOneGo(lines: Lines): readonly (readonly [machine: string, run: string])[] {
  const scripts: [machine: string, run: string][] = [];
  for (const { in: machine, run } of lines) {
    const last = scripts.at(-1);
    if (last?.[0] === machine) last[1] += `\n${run}`;
    else scripts.push([machine, run]);
  }
  return scripts;
}
