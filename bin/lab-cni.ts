import { hostname } from 'node:os';
import { runAlone } from '../lib/runtime/cni-alone';

/** The CNI plugin where no lab is named: it keeps its addresses on disk and lays cables itself. */
export function alone(stdin: string): void {
  const { exitCode, stdout } = runAlone(process.env, stdin, hostname());
  process.stdout.write(stdout);
  process.exitCode = exitCode;
}
