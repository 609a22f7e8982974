import type { LabTarget } from '../../lab/format';
import { readState, writeState } from '../state';

/** A lab that runs in a cluster, as this machine remembers it; the account and kind know for sure. */
export interface RemoteLab {
  readonly lab: string;
  readonly target: Exclude<LabTarget, 'local'>;
  readonly stage: string;
  /** AWS region; empty for kind. */
  readonly region: string;
}

const NAME = 'clusters';

export const remoteLabs = (): readonly RemoteLab[] => readState<readonly RemoteLab[]>(NAME) ?? [];

/** Remembers a lab in a cluster; replaces what was remembered of it. */
export const rememberRemote = (remote: RemoteLab): void =>
  writeState(NAME, [...remoteLabs().filter(({ lab }) => lab !== remote.lab), remote]);

export const forgetRemote = (lab: string): void =>
  writeState(
    NAME,
    remoteLabs().filter((remote) => remote.lab !== lab),
  );
