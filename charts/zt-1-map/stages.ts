import type { LabStages } from '../stage';
import { Application } from '../zero-trust/application';

export const stages = { open: [Application] } satisfies LabStages;
