import * as eks from 'aws-cdk-lib/aws-eks-v2';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** A Helm chart as its project publishes it. */
export interface ChartSource {
  readonly chart: string;
  /** Address of the repository. */
  readonly repository: string;
  readonly version: string;
}

export interface InstallProps extends ChartSource {
  readonly cluster: eks.ICluster;
  readonly release: string;
  readonly namespace: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Installs a chart and waits until it is ready.
 *
 * It is never uninstalled: an uninstall runs hooks in a cluster that is going away, and a hook that
 * hangs (Calico's pre-delete job needs a live node) would fail the whole teardown. The cluster takes
 * everything in it along.
 */
export function install(scope: Construct, id: string, props: InstallProps): eks.HelmChart {
  const { cluster, chart, repository, version, release, namespace, values } = props;
  return new eks.HelmChart(scope, id, {
    cluster,
    chart,
    repository,
    version,
    release,
    namespace,
    values,
    createNamespace: true,
    wait: true,
    timeout: Duration.minutes(14),
    removalPolicy: RemovalPolicy.RETAIN,
  });
}
