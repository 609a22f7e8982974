import { openSandbox } from '../../../lib/runtime/sandbox/sandbox';
import { podsOn } from './wire';

/** A program that runs one command at its own terminal inside pod 1, for the tests of `interact`. */
async function main(argv: readonly string[]): Promise<void> {
  const sandbox = await openSandbox({ mode: 'tied' });
  const resolvConf = 'nameserver 10.96.0.10\n';
  await sandbox.run([...podsOn('node/a', 1), { kind: 'set-resolver', netns: 'pod/1', resolvConf }]);
  const code = await sandbox.interact('pod/1', argv);
  await sandbox.close();
  process.exitCode = code;
}

void main(process.argv.slice(2));
