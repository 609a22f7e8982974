import type { Resource } from './resource';

/** The table of subnets that are associated with none. */
export const mainTable = (vpc: string): string => `${vpc}.main-table`;

/** The ACL of subnets that are associated with none: it allows everything. */
export const defaultAcl = (vpc: string): string => `${vpc}.default-acl`;

/** The group that a VPC comes with; what names no group carries it. */
export const defaultGroup = (vpc: string): string => `${vpc}.default-group`;

/** Is a resource of a VPC? What may be of another is not. */
export const inVpc = (resource: Resource, vpc: string): boolean =>
  resource.properties.VpcId === vpc;
