import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { runPlugin } from '../lib/runtime/cni-alone';

/** The CNI plugin: configuration on standard input, parameters in the environment. */
const { exitCode, stdout } = runPlugin(process.env, readFileSync(0, 'utf8'), hostname());
process.stdout.write(stdout);
process.exitCode = exitCode;
