import type { Ip } from '../model/address';

/** What a resource says of its interfaces. */
export interface Form {
  /** Ids of the subnets it has one in, or may have (a database picks among its subnets). */
  readonly subnets: readonly string[];
  /** Ids of groups on each; absent: its VPC's default group. */
  readonly securityGroups?: readonly string[];
  readonly privateIp?: string;
  /** Does it have a public address, or does its subnet decide? */
  readonly public: boolean | 'as-subnet';
  /** Its Elastic IP. */
  readonly elasticIp?: Ip | undefined;
  /** TCP ports it serves, where the template says so or the service has one. */
  readonly serves: readonly number[];
}
