import { Pairs } from '../pairs';
import type { LabStages } from '../stage';

export const stages = { open: [Pairs] } satisfies LabStages;
