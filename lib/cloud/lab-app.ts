import { App, Tags } from 'aws-cdk-lib/core';
import { context as flags } from '../../cdk.json';
import { EXPIRES_TAG, expiryStackName, LAB_TAG, OWNER_TAG, stackName } from '../model/lab-tags';
import { AddonsStack } from './addons-stack';
import { ClusterStack } from './cluster-stack';
import type { LabConfig } from './config';
import { environmentOf } from './environments';
import { ExpiryStack } from './expiry-stack';
import { NetworkStack } from './network-stack';

/** The stacks of one lab; a lab whose lesson is the VPC has no cluster. */
export interface LabStacks {
  readonly expiry: ExpiryStack;
  readonly network: NetworkStack;
  readonly cluster: ClusterStack | undefined;
  readonly addons: AddonsStack | undefined;
}

/**
 * An app with the project's feature flags, however it is started: the CDK CLI reads them from
 * `cdk.json`, code does not. Nothing is written before `synth()`.
 */
export const createApp = (outdir?: string): App =>
  new App({ context: flags, autoSynth: false, ...(outdir === undefined ? {} : { outdir }) });

/** Adds a lab's stacks to an app, in the order they are deployed, and tags all they make. */
export function addLab(app: App, config: LabConfig): LabStacks {
  const { lab, owner, expires } = config;
  Tags.of(app).add(LAB_TAG, lab);
  Tags.of(app).add(OWNER_TAG, owner);
  Tags.of(app).add(EXPIRES_TAG, expires);
  const expiry = new ExpiryStack(app, expiryStackName(lab), {
    config,
    description: `EKS Network Labs: the end of ${lab}`,
  });
  const network = new NetworkStack(app, stackName(lab, 'network'), {
    config,
    description: `EKS Network Labs: the network of ${lab}`,
  });
  network.addStackDependency(expiry);
  if (environmentOf(lab).cluster === 'none') {
    return { expiry, network, cluster: undefined, addons: undefined };
  }
  const cluster = new ClusterStack(app, stackName(lab, 'cluster'), {
    config,
    network,
    description: `EKS Network Labs: the cluster of ${lab}`,
  });
  const addons = new AddonsStack(app, stackName(lab, 'addons'), {
    config,
    clusters: cluster,
    description: `EKS Network Labs: what ${lab} needs in its cluster`,
  });
  return { expiry, network, cluster, addons };
}
