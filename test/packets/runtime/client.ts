import { openSandbox } from '../../../lib/runtime/sandbox/sandbox';
import { podIp, podsOn } from './wire';

/** A program for the kill tests: does everything a client does, says each step, and then waits. */
async function main([mode, socket = '', then]: readonly string[]): Promise<void> {
  const say = (word: string) => process.stdout.write(`${word}\n`);
  say('started');
  const expiresAt = Date.now() + 60_000;
  const opened =
    mode === 'background'
      ? await openSandbox({ mode, socket, expiresAt })
      : { ...(await openSandbox({ mode: 'tied' })), keep: undefined };
  const { keep, ...sandbox } = opened;
  say('open');
  await sandbox.run(podsOn('node/a', 12));
  const ruleset = `table inet f {
    chain forward {
      type filter hook forward priority 0; policy accept
      ip daddr ${podIp(2)} drop
    }
  }
  `;
  await sandbox.run([{ kind: 'load-ruleset', netns: 'node/a', ruleset }]);
  const asleep = sandbox.exec('pod/1', ['sleep', '60']);
  asleep.catch(() => undefined);
  say('up');
  const probes = Array.from({ length: 144 }, (_, i) => ({
    netns: `pod/${1 + (i % 12)}`,
    destination: podIp(1 + Math.floor(i / 12)),
    protocol: 'TCP' as const,
    port: 80,
  }));
  const seen = await sandbox.probe(probes, { timeoutMs: 100, trace: 'off' });
  say(`probed ${seen.filter(({ outcome }) => outcome === 'connected').length}`);
  if (then === 'keep' && keep !== undefined) {
    await keep();
    await sandbox.close();
    say('kept');
    return;
  }
  // Rejects as soon as the sandbox is gone, and the client ends with it.
  await asleep;
}

void main(process.argv.slice(2));
