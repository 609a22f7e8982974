import { App, Tags } from 'aws-cdk-lib/core';
import { context as flags } from '../../cdk.json';
import { EXPIRES_TAG, expiryStackName, LAB_TAG, OWNER_TAG, stackName } from '../model/lab-tags';
import { AddonsStack } from './addons/addons-stack';
import { ClusterStack } from './cluster/cluster-stack';
import type { LabConfig } from './config/config';
import { environmentOf } from './config/environments';
import { ExpiryStack } from './expiry/stack';
import { NetworkStack } from './network/network-stack';

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

/**
 * An app whose templates are only read: nothing is staged and nothing validated, which costs
 * seconds that `cdk synth` and the tests spend; and no resource remembers the lines that made it,
 * which is a third of what is left and is only used by readers of the assembly's metadata.
 */
export const createDraft = (outdir: string): App =>
  new App({
    context: {
      ...flags,
      'aws:cdk:disable-asset-staging': true,
      'aws:cdk:disable-creation-stack-traces': true,
    },
    autoSynth: false,
    builtinCloudFormationValidation: false,
    outdir,
  });

/** What the one who synthesizes knows, and a person wants to read after a deployment. */
export interface Remarks {
  /** Price of the stacks in USD an hour; absent: not asked for. */
  readonly usdPerHour?: number;
}

/** Adds a lab's stacks to an app, in the order they are deployed, and tags all they make. */
export function addLab(app: App, config: LabConfig, remarks: Remarks = {}): LabStacks {
  const { lab, name, owner, expires } = config;
  // Resources get the tags by the aspect, stacks by their own property (`explicitStackTags`):
  // teardown takes no stack for the lab's that does not say so.
  const tags = { [LAB_TAG]: name, [OWNER_TAG]: owner };
  for (const [key, value] of Object.entries(tags)) Tags.of(app).add(key, value);
  const expiry = new ExpiryStack(app, expiryStackName(name), {
    config,
    // The end stands here alone. CloudFormation hands a stack's tags on to all its resources, so
    // elsewhere a new end would be an update of the VPC, the cluster and every node.
    tags: { ...tags, [EXPIRES_TAG]: expires },
    ...remarks,
    description: `EKS Network Labs: the end of ${name}`,
  });
  const network = new NetworkStack(app, stackName(name, 'network'), {
    config,
    tags,
    description: `EKS Network Labs: the network of ${name}`,
  });
  network.addStackDependency(expiry);
  if (environmentOf(lab).cluster === 'none') {
    return { expiry, network, cluster: undefined, addons: undefined };
  }
  const cluster = new ClusterStack(app, stackName(name, 'cluster'), {
    config,
    tags,
    network,
    description: `EKS Network Labs: the cluster of ${name}`,
  });
  const addons = new AddonsStack(app, stackName(name, 'addons'), {
    config,
    tags,
    clusters: cluster,
    description: `EKS Network Labs: what ${name} needs in its cluster`,
  });
  return { expiry, network, cluster, addons };
}
