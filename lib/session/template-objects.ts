import { stringify } from 'yaml';
import { shownStage } from '../lab/fault';
import type { Lab } from '../lab/format';
import type { LabStand, ObjectInForce } from './in-force';
import { stageTemplates } from './lab-world';
import { resourcesOf } from './template-patch';

/** Resources that decide where packets go. */
const FILTERS =
  /^AWS::EC2::(NetworkAcl|NetworkAclEntry|SubnetNetworkAclAssociation|SecurityGroup|SecurityGroupIngress|SecurityGroupEgress|RouteTable|Route|SubnetRouteTableAssociation|Subnet|VPCEndpoint|NatGateway)$/;

/** Filters, routes and subnets of the lab's VPC that are in force, under their logical ids; none without a VPC. */
export function templateObjects(lab: Lab<string>, stand: LabStand): readonly ObjectInForce[] {
  const before = resourcesOf(stageTemplates(lab, stand.stage));
  return Object.entries(resourcesOf(stageTemplates(lab, stand.stage, stand.applied)))
    .filter(([, { Type }]) => FILTERS.test(Type))
    .map(([id, resource]) => ({
      apiVersion: 'AWS::EC2',
      kind: resource.Type.replace('AWS::EC2::', ''),
      name: id,
      from:
        JSON.stringify(before[id]) === JSON.stringify(resource)
          ? `VPC, stage ${shownStage(lab, stand.stage)}`
          : 'VPC, with your template',
      yaml: stringify({
        Resources: { [id]: { Type: resource.Type, Properties: resource.Properties } },
      }),
    }));
}
