import { labName } from '../../model/lab-tags';
import { readState, writeState } from '../state';
import type { RemoteLab } from '../types';

const NAME = 'clusters';

/** Its name in the account, by which commands may call it too. */
export const nameOf = ({ lab, as }: Pick<RemoteLab, 'lab' | 'as'>): string => labName(lab, as);

export const remoteLabs = (): readonly RemoteLab[] => readState<readonly RemoteLab[]>(NAME) ?? [];

/** Remembers a lab in a cluster; replaces what was remembered of it. */
export const rememberRemote = (remote: RemoteLab): void =>
  writeState(NAME, [...remoteLabs().filter((one) => nameOf(one) !== nameOf(remote)), remote]);

/** Forgets it, once nothing of it is left. */
export const forgetRemote = (remote: RemoteLab): void =>
  writeState(
    NAME,
    remoteLabs().filter((one) => nameOf(one) !== nameOf(remote)),
  );
