import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import {
  FlowLogDestination,
  FlowLogMaxAggregationInterval,
  FlowLogTrafficType,
  LogFormat,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

export interface FlowLogsProps {
  readonly vpc: ec2.Vpc;
  /** Name of the log group; a lab's teardown finds it by its prefix. @default one that CloudFormation makes */
  readonly logGroupName?: string | undefined;
}

/**
 * What went through the VPC, minute by minute, in a log group that goes with the lab.
 *
 * The default fields name an interface's primary address where a pod's is meant: `pkt-srcaddr` and
 * `pkt-dstaddr` name the pod (VPC guide, flow log records). Security groups and network ACLs show
 * as REJECT; what a network policy drops never gets here.
 */
export class FlowLogs extends Construct {
  public readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: FlowLogsProps) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'LogGroup', {
      ...(props.logGroupName === undefined ? {} : { logGroupName: props.logGroupName }),
      retention: RetentionDays.ONE_WEEK,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    props.vpc.addFlowLog('FlowLog', {
      destination: FlowLogDestination.toCloudWatchLogs(this.logGroup),
      trafficType: FlowLogTrafficType.ALL,
      maxAggregationInterval: FlowLogMaxAggregationInterval.ONE_MINUTE,
      logFormat: [
        LogFormat.START_TIMESTAMP,
        LogFormat.INTERFACE_ID,
        LogFormat.SUBNET_ID,
        LogFormat.SRC_ADDR,
        LogFormat.DST_ADDR,
        LogFormat.PKT_SRC_ADDR,
        LogFormat.PKT_DST_ADDR,
        LogFormat.SRC_PORT,
        LogFormat.DST_PORT,
        LogFormat.PROTOCOL,
        LogFormat.TCP_FLAGS,
        LogFormat.FLOW_DIRECTION,
        LogFormat.TRAFFIC_PATH,
        LogFormat.PACKETS,
        LogFormat.BYTES,
        LogFormat.ACTION,
        LogFormat.LOG_STATUS,
      ],
    });
  }
}
