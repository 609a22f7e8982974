import { columnsOf } from './vpc-fields';

/** Fields of a transit gateway flow log for which none were chosen (transit gateway guide, flow log records). */
export const TRANSIT_GATEWAY_COLUMNS = columnsOf([
  ...['version', 'resource-type', 'account-id', 'tgw-id', 'tgw-attachment-id'],
  ...['tgw-src-vpc-account-id', 'tgw-dst-vpc-account-id', 'tgw-src-vpc-id', 'tgw-dst-vpc-id'],
  ...['tgw-src-subnet-id', 'tgw-dst-subnet-id', 'tgw-src-eni', 'tgw-dst-eni'],
  ...['tgw-src-az-id', 'tgw-dst-az-id', 'tgw-pair-attachment-id'],
  ...['srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol', 'packets', 'bytes', 'start', 'end'],
  ...['log-status', 'type', 'packets-lost-no-route', 'packets-lost-blackhole'],
  ...['packets-lost-mtu-exceeded', 'packets-lost-ttl-expired', 'tcp-flags', 'region'],
  ...['flow-direction', 'pkt-src-aws-service', 'pkt-dst-aws-service'],
]);

/** A transit gateway forwards or loses packets: it has no field `action` (same guide). */
export const isTransitGateway = (words: readonly string[]): boolean =>
  words[1] === 'TransitGateway' || words[1] === 'TransitGatewayAttachment';
