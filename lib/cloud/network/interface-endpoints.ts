import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import {
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService as Service,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';

export interface InterfaceEndpointsProps {
  readonly vpc: ec2.IVpc;
  /** One a zone: every endpoint is billed by the hour in each of them. */
  readonly subnets: readonly ec2.ISubnet[];
  readonly securityGroup: ec2.ISecurityGroup;
}

/** What a private cluster calls (EKS user guide, private clusters), and who of it calls that. */
const SERVICES: Readonly<Record<string, ec2.IInterfaceVpcEndpointService>> = {
  // VPC CNI
  Ec2: Service.EC2,
  // kubelets pull images
  EcrApi: Service.ECR,
  EcrDocker: Service.ECR_DOCKER,
  // nodes join, and describe their cluster
  Eks: Service.EKS,
  // the Pod Identity agent
  EksAuth: Service.EKS_AUTH,
  Sts: Service.STS,
  // the AWS Load Balancer Controller
  LoadBalancing: Service.ELASTIC_LOAD_BALANCING,
  // node and pod logs
  Logs: Service.CLOUDWATCH_LOGS,
  // shells on nodes by Session Manager
  Ssm: Service.SSM,
  SsmMessages: Service.SSM_MESSAGES,
  Ec2Messages: Service.EC2_MESSAGES,
};

/** Private doors to the services of AWS that nodes and controllers call. */
export class InterfaceEndpoints extends Construct {
  constructor(scope: Construct, id: string, props: InterfaceEndpointsProps) {
    super(scope, id);
    const { vpc, subnets, securityGroup } = props;
    for (const [name, service] of Object.entries(SERVICES)) {
      new InterfaceVpcEndpoint(this, name, {
        vpc,
        service,
        subnets: { subnets: [...subnets] },
        securityGroups: [securityGroup],
        privateDnsEnabled: true,
        // Our group says who may call, with the reason; the library would open it to the VPC.
        open: false,
      });
    }
  }
}
