import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KeepableSandbox, openSandbox } from '../../lib/runtime/sandbox/sandbox';
import { bringUp } from '../../lib/targets/local/local';
import { describePackets, missingPrograms } from '../packets/kernel';
import { labNode, shop } from './lab-host';
import { LAB_ROWS } from './rows/lab';

/** The same kind of rows where the network is a running lab, which the plugin asks. */
describePackets(
  'in a running lab',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'lab-rows-'));
    const socket = join(folder, 'lab.sock');
    let sandbox: KeepableSandbox;
    let number = 0;

    beforeAll(async () => {
      const expiresAt = Date.now() + 600_000;
      sandbox = await openSandbox({ mode: 'background', socket, expiresAt });
      await bringUp(sandbox, shop());
      await sandbox.keep();
    });
    afterAll(async () => {
      await sandbox?.end();
      rmSync(folder, { recursive: true });
    });

    test.each(LAB_ROWS)('$id $what', async ({ play, ours }) => {
      number += 1;
      const [a, b] = [`a${number}`, `b${number}`];
      await sandbox.exec('node/node-a', ['sh', '-c', `ip netns add ${a}; ip netns add ${b}`]);
      const on = labNode(sandbox, socket, a);
      try {
        expect(await play(on, [a, b])).toBe(ours);
      } finally {
        await on.direct({ command: 'GC', config: { 'cni.dev/valid-attachments': [] } });
        await sandbox.exec('node/node-a', ['sh', '-c', `ip netns del ${a}; ip netns del ${b}`]);
      }
    });
  },
  missingPrograms('ip'),
);
