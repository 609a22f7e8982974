import type { Aws } from '../aws';
import { lookAround } from '../inventory/look';
import { isBlocked } from '../refusals';
import { removeLeftover } from './remove';
import { releaseLeftover } from './remove-ec2';
import type { Account } from './types';
/** A live AWS account and region, as the sweep acts on it. */
export const awsAccount = (aws: Aws): Account => ({
  look: (lab) => lookAround(aws, lab),
  release: (item) => releaseLeftover(aws, item),
  remove: (item) => removeLeftover(aws, item),
  isBlocked,
});
