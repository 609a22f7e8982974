import { runChecks } from '../../lib/checks/run';
import type { Command } from '../../lib/dataplane/commands/command';
import { allowed } from '../../lib/lab/words';
import { openSandbox, type Sandbox } from '../../lib/runtime/sandbox/sandbox';
import { checkEnforcement } from '../../lib/targets/local/canary';
import { bringUp } from '../../lib/targets/local/local';
import { localTarget } from '../../lib/targets/local/target';
import { shop } from '../build/model';
import { describePackets } from './kernel';

/** The same sandbox, in which some commands do nothing. */
const without = (sandbox: Sandbox, idle: (command: Command) => boolean): Sandbox => ({
  ...sandbox,
  run: (plan) => sandbox.run(plan.filter((command) => !idle(command))),
});

describePackets('the canary', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await openSandbox({ mode: 'tied' });
  });
  afterEach(() => sandbox.close());

  test('lives beside a lab, where the lab’s own rules are untouched', async () => {
    const local = await bringUp(sandbox, shop);
    const before = (await sandbox.exec('node/a', ['nft', 'list', 'ruleset'])).stdout;
    await checkEnforcement(sandbox);
    expect((await sandbox.exec('node/a', ['nft', 'list', 'ruleset'])).stdout).toBe(before);
    await local.moveTo({ ...shop, policies: [] });
    await checkEnforcement({ ...sandbox });
    expect((await sandbox.describe()).namespaces).toContain('canary/pod/canary/server');
  });

  test('is asked for once in a process, and found there by the next', async () => {
    const ran: number[] = [];
    const probed: number[] = [];
    const counting: Sandbox = {
      ...sandbox,
      run: async (plan) => {
        ran.push(plan.length);
        await sandbox.run(plan);
      },
      probe: (probes, options) => {
        probed.push(probes.length);
        return sandbox.probe(probes, options);
      },
    };
    await Promise.all([checkEnforcement(counting), checkEnforcement(counting)]);
    await checkEnforcement(counting);
    expect({ plans: ran.length, probed }).toEqual({ plans: 1, probed: [2] });
    await checkEnforcement({ ...counting });
    expect({ plans: ran.length, probed }).toEqual({ plans: 1, probed: [2, 2] });
  });

  test('tells a kernel whose rules do nothing', async () => {
    const lax = without(sandbox, ({ kind }) => kind === 'load-ruleset');
    await expect(checkEnforcement(lax)).rejects.toMatchObject({
      code: 'no-enforcement',
      problem: expect.stringMatching(/a denied flow was connected/),
    });
  });

  test('tells a kernel that carries nothing from one that enforces', async () => {
    const deaf = without(sandbox, ({ kind }) => kind === 'listen');
    await expect(checkEnforcement(deaf)).rejects.toMatchObject({ code: 'no-connection' });
  });

  test('no check of a lab is answered by a kernel that does not enforce', async () => {
    const world = { ...shop, policies: [] };
    const local = await bringUp(sandbox, world);
    const check = allowed('web', 'api:80', 'nothing keeps them apart');
    expect(
      await runChecks([check], {
        target: localTarget(local, { home: 'shop', stageWorld: () => world }),
        progress: undefined,
      }),
    ).toMatchObject([{ kind: 'right' }]);
    await sandbox.exec('canary/node/node', ['nft', 'flush', 'ruleset']);
    const later = localTarget(
      { ...local, sandbox: { ...sandbox } },
      { home: 'shop', stageWorld: () => world },
    );
    await expect(runChecks([check], { target: later, progress: undefined })).rejects.toMatchObject({
      code: 'no-enforcement',
    });
  });
});
