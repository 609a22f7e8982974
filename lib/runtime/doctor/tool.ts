import { accessSync, constants } from 'node:fs';
import { SEARCH_PATH } from '../kernel/spawn';
import { findEnvoy } from '../servers/envoy';

/** Where a program is installed, also outside a normal user's PATH; `undefined` where it is not. */
export const findTool = (name: string): string | undefined =>
  name === 'envoy' ? findEnvoy() : inSearchPath(name);

const inSearchPath = (name: string): string | undefined =>
  SEARCH_PATH.split(':')
    .map((folder) => `${folder}/${name}`)
    .find(isExecutable);

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
