import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiException } from '@kubernetes/client-node';
import { stagesOf } from '../../charts';
import { labs } from '../../labs';
import { runChecks } from '../../lib/checks/run';
import type { Check } from '../../lib/lab/check';
import { describeCheck } from '../../lib/lab/check';
import type { Lab, Step } from '../../lib/lab/format';
import { remoteView } from '../../lib/session/remote/cluster';
import type { Cluster } from '../../lib/targets/cluster/cluster';
import { whyElsewhere } from '../../lib/targets/cluster/observable';
import { clusterTarget } from '../../lib/targets/cluster/target';

const REMOTE = ['kind', 'eks'] as const;
type Remote = (typeof REMOTE)[number];

/** The stage that a lab is at when a step is checked after its solution. */
function stageAfter(lab: Lab<string>, step: Step<string>): string {
  const before = lab.steps
    .slice(0, lab.steps.indexOf(step) + 1)
    .flatMap(({ solution }) => (solution.kind === 'stage' ? [solution.stage] : []));
  return before.at(-1) ?? lab.start ?? '';
}

interface Row {
  readonly lab: Lab<string>;
  readonly target: Remote;
  readonly step: Step<string>;
  readonly stage: string;
}

const rows: readonly Row[] = labs.flatMap((lab) =>
  REMOTE.filter((target) => lab.targets.includes(target)).flatMap((target) =>
    lab.steps.map((step) => ({ lab, target, step, stage: stageAfter(lab, step) })),
  ),
);

const nameOf = ({ lab, target, step }: Row): string => `${lab.id} ${target} ${step.id}`;

const reasonOf = (check: Check, { lab, target, stage }: Row): string | undefined =>
  whyElsewhere(check, remoteView(lab, target, stage));

test('every lab that claims a cluster has stages there', () => {
  expect(new Set(rows.map(({ lab }) => lab.id)).size).toBeGreaterThan(15);
  for (const { lab, stage } of rows) expect(stagesOf(lab.id)).toContain(stage);
});

test.each(rows.map((row) => ({ name: nameOf(row), row })))(
  '$name: something of it can be observed or answered there',
  ({ row }) => {
    const observed = row.step.checks.filter((check) => reasonOf(check, row) === undefined);
    expect(observed.map(describeCheck)).not.toEqual([]);
  },
);

/** A cluster that has nothing: what is answered elsewhere does not depend on what it holds. */
const silent = {
  api: {
    read: () => Promise.reject(new ApiException(404, 'not found', {}, {})),
    list: () => Promise.resolve({ items: [] }),
  },
} as unknown as Cluster;

test.each(rows.map((row) => ({ name: nameOf(row), row })))(
  '$name: the target answers elsewhere for exactly the checks that the table says',
  async ({ row }) => {
    const view = remoteView(row.lab, row.target, row.stage);
    const clock = { now: () => 0, sleep: async () => undefined };
    const required = () => view.scope.world;
    const options = {
      cluster: silent,
      view,
      stageWorld: required,
      clock,
      canaryImage: 'x',
      settleMs: 0,
    };
    const target = { ...clusterTarget(options), proveEnforcement: async () => undefined };
    for (const check of row.step.checks) {
      const reason = whyElsewhere(check, view);
      if (reason === undefined) continue;
      const [result] = await runChecks([check], { target, progress: undefined });
      expect({ check: describeCheck(check), kind: result?.kind }).toMatchObject({
        kind: 'elsewhere',
      });
    }
  },
);

test('the table that people read is the one that is tested', () => {
  const table = readFileSync(join(__dirname, '../../labs/REMOTE.md'), 'utf8');
  expect(table).toBe(remoteTable());
});

/** What `labs/REMOTE.md` holds: a line for each lab and target, and each check that is elsewhere. */
function remoteTable(): string {
  const lines = [
    '# What is checked in a cluster',
    '',
    'For each lab and each cluster it runs in: how many of its checks are observed there, and which are answered elsewhere (on',
    'the local target, or by the prediction), with the reason. `test/session/remote-checks.test.ts` holds this table; write it',
    'anew with `UPDATE_REMOTE=1 npx jest test/session/remote-checks`.',
    '',
    '| lab | in | checks | observed | elsewhere |',
    '| --- | --- | --- | --- | --- |',
  ];
  for (const lab of labs) {
    for (const target of REMOTE.filter((each) => lab.targets.includes(each))) {
      const own = rows.filter((row) => row.lab === lab && row.target === target);
      const checks = own.flatMap((row) => row.step.checks.map((check) => reasonOf(check, row)));
      const reasons = new Map<string, number>();
      for (const reason of checks) {
        if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      }
      const told = [...reasons].map(([reason, count]) => `${count}: ${reason}`).join('; ');
      const observed = checks.filter((reason) => reason === undefined).length;
      lines.push(`| \`${lab.id}\` | ${target} | ${checks.length} | ${observed} | ${told || '-'} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

if (process.env.UPDATE_REMOTE !== undefined) {
  const { writeFileSync } = require('node:fs') as typeof import('node:fs');
  writeFileSync(join(__dirname, '../../labs/REMOTE.md'), remoteTable());
}
