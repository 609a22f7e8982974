import { openSandbox } from '../../../lib/runtime/sandbox/sandbox';
import { podIp, podsOn } from './wire';

/** A program for a machine whose /proc/sys is read-only: what of it is seen, and does it forward? */
async function main(): Promise<void> {
  const sandbox = await openSandbox({ mode: 'tied' });
  await sandbox.run(podsOn('node/a', 2));
  const other = {
    kind: 'set-sysctl',
    netns: 'node/a',
    key: 'net/ipv4/conf/all/rp_filter',
    value: '0',
  } as const;
  const refusal = await sandbox.run([other]).then(
    () => 'written',
    (error: Error) => error.message.split(' ').at(-1),
  );
  const probe = { netns: 'pod/1', destination: podIp(2), protocol: 'TCP', port: 80 } as const;
  const [seen] = await sandbox.probe([probe], { timeoutMs: 300, trace: 'off' });
  process.stdout.write(`${JSON.stringify({ sysctl: refusal, outcome: seen?.outcome })}\n`);
  await sandbox.close();
}

void main();
