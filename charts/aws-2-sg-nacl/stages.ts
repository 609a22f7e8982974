import { Pairs } from '../pairs';
import type { LabStages } from '../stage';

export const stages = {
  whole: [Pairs],
  'acl-one-way': [Pairs],
  'acl-both-ways': [Pairs],
  'group-narrow': [Pairs],
} satisfies LabStages;
