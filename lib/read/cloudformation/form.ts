import type { Ip } from '../../model/address';
import type { UnknownValue } from './value';

/** What a resource says of one interface of its, or of one in each of several subnets. */
export interface Form {
  /** Ids of the subnets it has one in, or may have (a database picks among its subnets). */
  readonly subnets: readonly string[];
  /** Ids of groups on each, unknown ids among them; absent or empty: its VPC's default group. */
  readonly securityGroups?: readonly string[];
  /** Private IPv4 addresses that the template gives, the primary first. */
  readonly addresses?: readonly string[];
  /** IPv6 addresses that the template gives. */
  readonly addresses6?: readonly string[];
  /** Has it IPv6 addresses that AWS chooses? Absent: its subnet decides. */
  readonly wants6?: boolean;
  /**
   * Has it a public address? Its subnet may decide (`as-subnet`), or whether the VPC has an internet
   * gateway where the template does not say (`as-vpc`, RDS).
   */
  readonly public: boolean | 'as-subnet' | 'as-vpc' | UnknownValue;
  /** Its Elastic IP. */
  readonly elasticIp?: Ip | undefined;
  /** Why it is not known whether it has an Elastic IP. */
  readonly elasticUnknown?: string | undefined;
  /** TCP ports it serves, where the template says so or the service has one. */
  readonly serves: readonly number[];
  /** What flows call this interface, beside its resource's own name (`eth1`). */
  readonly part?: string;
  /** Names of resources that it also answers for: the instance that an interface belongs to. */
  readonly aliases?: readonly string[];
}
