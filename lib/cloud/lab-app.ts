import { type App, Tags } from 'aws-cdk-lib/core';
import { EXPIRES_TAG, LAB_TAG, OWNER_TAG, stackName } from '../model/lab-tags';
import type { LabConfig } from './config';
import { NetworkStack } from './network-stack';

/** The stacks of one lab. */
export interface LabStacks {
  readonly network: NetworkStack;
}

/** Adds a lab's stacks to an app, in the order they are deployed, and tags all they make. */
export function addLab(app: App, config: LabConfig): LabStacks {
  const { lab, owner, expires } = config;
  Tags.of(app).add(LAB_TAG, lab);
  Tags.of(app).add(OWNER_TAG, owner);
  Tags.of(app).add(EXPIRES_TAG, expires);
  const network = new NetworkStack(app, stackName(lab, 'network'), {
    config,
    description: `EKS Network Labs: the network of ${lab}`,
  });
  return { network };
}
