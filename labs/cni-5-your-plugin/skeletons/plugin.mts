#!/usr/bin/env -S node --experimental-strip-types
// A CNI plugin, to be written. Node 22 and later run TypeScript.
import { readFileSync } from 'node:fs';

const config: { subnet?: string; dataDir?: string } = JSON.parse(readFileSync(0, 'utf8'));

function fail(code: number, msg: string): never {
  console.log(JSON.stringify({ cniVersion: '1.1.0', code, msg }));
  process.exit(1);
}

fail(4, `CNI_COMMAND '${process.env.CNI_COMMAND}' is not supported; subnet ${config.subnet}`);
