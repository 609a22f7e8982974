import { Pairs } from '../pairs';
import type { LabStages } from '../stage';

export const stages = {
  'no-way-out': [Pairs],
  'own-gateway': [Pairs],
} satisfies LabStages;
