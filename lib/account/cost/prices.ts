/**
 * What AWS charges, as of one day: no lab needs a price to the cent, and a table in the repository
 * works with neither network nor credentials. Prices of other regions differ by up to half.
 */

/** Where the numbers come from, so that a reader can check how old they are. */
export const PRICE_SOURCE = {
  date: '2026-11-21',
  region: 'us-east-1',
  source: 'AWS on-demand price lists (EKS, EC2, EBS, VPC, Elastic Load Balancing, KMS, CloudWatch)',
} as const;

/** Hours AWS counts in a month when it prices one (EBS, KMS). */
export const HOURS_PER_MONTH = 730;

/** USD an hour for one of it, Linux, on demand. */
export const HOURLY = {
  cluster: 0.1,
  clusterExtendedSupport: 0.6,
  natGateway: 0.045,
  publicIpv4: 0.005,
  interfaceEndpoint: 0.01,
  loadBalancer: 0.0225,
  classicLoadBalancer: 0.025,
  gatewayLoadBalancer: 0.0125,
  transitGatewayAttachment: 0.05,
  vpnConnection: 0.05,
  resolverEndpointAddress: 0.125,
  networkFirewallEndpoint: 0.395,
  latticeService: 0.025,
  clientVpnAssociation: 0.1,
} as const;

/** USD a month for one of it (for volumes: for one GiB). */
export const MONTHLY = {
  kmsKey: 1,
  secret: 0.4,
  alarm: 0.1,
  dashboard: 3,
  hostedZone: 0.5,
  volumeGiB: {
    gp3: 0.08,
    gp2: 0.1,
    io1: 0.125,
    io2: 0.125,
    st1: 0.045,
    sc1: 0.015,
    standard: 0.05,
  },
} as const;

/**
 * USD an hour above the standard control plane for a provisioned tier
 * (Amazon EKS Provisioned Control Plane).
 */
export const CONTROL_PLANE_TIER: Readonly<Record<string, number>> = {
  standard: 0,
  'tier-xl': 1.65,
  'tier-2xl': 3.4,
  'tier-4xl': 6.9,
};

/** Share of the EC2 price that EKS Auto Mode adds. */
export const AUTO_MODE_SHARE = 0.12;

/** USD an hour for an instance, of the sizes that small and production labs use. */
export const INSTANCE: Readonly<Record<string, number>> = {
  't3.micro': 0.0104,
  't3.small': 0.0208,
  't3.medium': 0.0416,
  't3.large': 0.0832,
  't3.xlarge': 0.1664,
  't3.2xlarge': 0.3328,
  't3a.small': 0.0188,
  't3a.medium': 0.0376,
  't3a.large': 0.0752,
  't3a.xlarge': 0.1504,
  't4g.small': 0.0168,
  't4g.medium': 0.0336,
  't4g.large': 0.0672,
  't4g.xlarge': 0.1344,
  'm5.large': 0.096,
  'm5.xlarge': 0.192,
  'm5.2xlarge': 0.384,
  'm6i.large': 0.096,
  'm6i.xlarge': 0.192,
  'm6i.2xlarge': 0.384,
  'm6a.large': 0.0864,
  'm6a.xlarge': 0.1728,
  'm6g.large': 0.077,
  'm6g.xlarge': 0.154,
  'm7i.large': 0.1008,
  'm7i.xlarge': 0.2016,
  'm7g.large': 0.0816,
  'm7g.xlarge': 0.1632,
  'c5.large': 0.085,
  'c5.xlarge': 0.17,
  'c6i.large': 0.085,
  'c6i.xlarge': 0.17,
  'c6g.large': 0.068,
  'c6g.xlarge': 0.136,
  'c7g.large': 0.0725,
  'c7g.xlarge': 0.145,
  'r5.large': 0.126,
  'r6i.large': 0.126,
};

/** What is billed by use, in the words of a bill; it is named beside the hourly lines, never added. */
export const METERED = {
  logs: '$0.50 per GB ingested, $0.03 per GB and month stored',
  flowLogs: '$0.50 per GB of vended logs (to S3: $0.25)',
  natData: '$0.045 per GB through a NAT gateway',
  endpointData: '$0.01 per GB through an interface endpoint',
  balancerUnits: 'capacity units by use: ALB $0.008, NLB $0.006 each and hour',
  lambda: '$0.20 per million calls, $0.0000166667 per GB-second',
  bucket: '$0.023 per GB and month, and requests',
  scheduler: '$1.00 per million invocations, the first 14 million a month free',
  stateMachine: '$0.025 per 1,000 state transitions',
  crossZone: '$0.01 per GB each way between zones',
  kmsRequests: '$0.03 per 10,000 requests',
} as const;
