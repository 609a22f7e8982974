import { unknownId } from '../../model/unknown-id';
import type { TemplateCluster, TemplateNodeGroup } from './cluster';
import { metadataOfUnseen } from './metadata';
import { flagAt, knownText, listAt, mapAt, type Resources } from './resource';
import { isValueMap } from './value';

/** Which pods AWS Fargate runs for a cluster (EKS user guide: Fargate profiles). */
export interface FargateProfile {
  readonly name: string;
  /** Id of its cluster. */
  readonly cluster: string;
  /** A pod of one of these runs there: its namespace, which may have `*` and `?`, and all labels. */
  readonly selectors: readonly FargateSelector[];
}

interface FargateSelector {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The Fargate profiles of the given clusters. What a profile does not tell selects every pod. */
export const readFargate = (
  resources: Resources,
  clusters: readonly TemplateCluster[],
): readonly FargateProfile[] =>
  resources.ofType('AWS::EKS::FargateProfile').flatMap(({ properties, name }): FargateProfile[] => {
    const of = knownText(properties, 'ClusterName');
    const cluster = clusters.find((one) => one.id === of || one.name === of);
    if (cluster === undefined) return [];
    const selectors = listAt(properties, 'Selectors').map((one): FargateSelector => {
      const selector = isValueMap(one) ? one : {};
      const labels = listAt(selector, 'Labels').filter(isValueMap);
      return {
        namespace: knownText(selector, 'Namespace') ?? '*',
        labels: Object.fromEntries(
          labels.flatMap((label) => {
            const [key, value] = [knownText(label, 'Key'), knownText(label, 'Value')];
            return key === undefined || value === undefined ? [] : [[key, value]];
          }),
        ),
      };
    });
    const own = knownText(properties, 'FargateProfileName') ?? name;
    return [{ name: own, cluster: cluster.id, selectors }];
  });

/**
 * EKS Auto Mode starts nodes by itself (EKS API: ComputeConfig): in the cluster's subnets, with the
 * groups of its NodeClass, which is in no template.
 */
export const autoModeGroups = (
  resources: Resources,
  clusters: readonly TemplateCluster[],
): readonly TemplateNodeGroup[] =>
  resources.ofType('AWS::EKS::Cluster').flatMap(({ id, properties }): TemplateNodeGroup[] => {
    const cluster = clusters.find((one) => one.id === id);
    if (cluster === undefined || flagAt(mapAt(properties, 'ComputeConfig'), 'Enabled') === false) {
      return [];
    }
    const what =
      'the subnets and security groups of EKS Auto Mode’s nodes, which its NodeClass says';
    return [
      {
        id: `${id}.auto-mode`,
        name: 'auto-mode',
        kind: 'auto-mode',
        cluster: id,
        vpc: cluster.vpc,
        subnets: cluster.subnets,
        size: cluster.subnets.length,
        maxSize: cluster.subnets.length,
        securityGroups: [unknownId(what)],
        labels: {},
        metadata: metadataOfUnseen(what),
      },
    ];
  });
