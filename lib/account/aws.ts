import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';
import { EKSClient } from '@aws-sdk/client-eks';
import { ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { GuardDutyClient } from '@aws-sdk/client-guardduty';
import { IAMClient } from '@aws-sdk/client-iam';
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { STSClient } from '@aws-sdk/client-sts';

/** The services this room calls, all in one region and with one way of retrying. */
export interface Aws {
  readonly region: string;
  readonly cloudFormation: CloudFormationClient;
  readonly ec2: EC2Client;
  readonly eks: EKSClient;
  readonly elb: ElasticLoadBalancingClient;
  readonly elbv2: ElasticLoadBalancingV2Client;
  readonly guardDuty: GuardDutyClient;
  readonly iam: IAMClient;
  readonly logs: CloudWatchLogsClient;
  readonly quotas: ServiceQuotasClient;
  readonly scheduler: SchedulerClient;
  readonly sts: STSClient;
  readonly tagging: ResourceGroupsTaggingAPIClient;
  /** Ends idle connections; the object is of no use afterwards. */
  close(): void;
}

export interface AwsOptions {
  readonly region: string;
  /** Where the services answer instead of AWS: an emulator. */
  readonly endpoint?: string;
  readonly credentials?: EC2ClientConfig['credentials'];
  /** Tries of one call; 10 by default: at 30 % throttled calls one in 170,000 fails. */
  readonly tries?: number;
  /** First pause after a failure, doubled each time up to 5 seconds; 100 ms by default. */
  readonly pauseMs?: number;
}

/** Opens the clients. Credentials come from where the AWS CLI finds them, unless given. */
export function openAws(options: AwsOptions): Aws {
  const { region, endpoint, credentials } = options;
  quietSdk();
  const config = {
    region,
    retryStrategy: patientRetries(options),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  };
  const clients = {
    cloudFormation: new CloudFormationClient(config),
    ec2: new EC2Client(config),
    eks: new EKSClient(config),
    elb: new ElasticLoadBalancingClient(config),
    elbv2: new ElasticLoadBalancingV2Client(config),
    guardDuty: new GuardDutyClient(config),
    iam: new IAMClient(config),
    logs: new CloudWatchLogsClient(config),
    quotas: new ServiceQuotasClient(config),
    scheduler: new SchedulerClient(config),
    sts: new STSClient(config),
    tagging: new ResourceGroupsTaggingAPIClient(config),
  };
  return {
    region,
    ...clients,
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

/** The SDK announces on stderr which Node versions it will drop; ours are in package.json. */
export const quietSdk = (): void => {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
};

type Retries = Exclude<EC2ClientConfig['retryStrategy'], undefined>;

/**
 * The SDK's standard strategy shares a budget of retries between calls and gives up early when many
 * fail at once, which is what an account under teardown looks like. This one has no budget: each
 * call has its own tries. Every call we make may be repeated, so lost connections are retried too.
 */
function patientRetries({ tries = 10, pauseMs = 100 }: AwsOptions): Retries {
  const token = (count: number) => ({
    getRetryCount: () => count,
    getRetryDelay: () =>
      count === 0 ? 0 : Math.random() * Math.min(5_000, pauseMs * 2 ** (count - 1)),
  });
  return {
    mode: 'standard',
    acquireInitialRetryToken: async () => token(0),
    refreshRetryTokenForRetry: async (last, { errorType, error }) => {
      const count = last.getRetryCount() + 1;
      if (errorType === 'CLIENT_ERROR' || count >= tries) throw error ?? new Error('out of tries');
      return token(count);
    },
    recordSuccess: () => undefined,
  };
}
