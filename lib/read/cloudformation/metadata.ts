import type { NodePlacement } from '../../model/world';
import { doubtAt, knownText, mapAt, numberAt } from './resource';
import { isUnknown, type ValueMap } from './value';

/** What is known of the instance metadata service of a group's nodes. */
export type MetadataOptions = Pick<NodePlacement, 'metadataHops' | 'metadataEndpoint'>;

/**
 * The options of a launch template. Without tokens (IMDSv1) no hop limit holds: it is that of the answer
 * to a request for a token. What the template leaves out comes from the account's defaults or the AMI
 * (EC2 user guide: order of precedence for instance metadata options), so it is unknown.
 */
export function metadataOf(template: ValueMap): MetadataOptions {
  const whole = doubtAt(template, 'MetadataOptions');
  if (whole !== undefined) return bothUnknown(whole);
  const options = mapAt(template, 'MetadataOptions');
  const enabled = doubtAt(options, 'HttpEndpoint');
  if (enabled !== undefined) return bothUnknown(enabled);
  if (knownText(options, 'HttpEndpoint') === 'disabled') return { metadataEndpoint: 'disabled' };
  const tokens = options.HttpTokens;
  if (tokens === 'optional') return {};
  const hops = numberAt(options, 'HttpPutResponseHopLimit');
  if (isUnknown(hops)) return { metadataHops: { unknown: hops.unknown } };
  if (hops === undefined) return { metadataHops: { unknown: UNSET } };
  if (hops > 1 || tokens === 'required') return { metadataHops: hops };
  return { metadataHops: { unknown: doubtAt(options, 'HttpTokens') ?? TOKENS } };
}

const bothUnknown = (unknown: string): MetadataOptions => ({
  metadataEndpoint: { unknown },
  metadataHops: { unknown },
});

const UNSET =
  'the launch template has no MetadataOptions.HttpPutResponseHopLimit, so the account’s default or the AMI decides';
const TOKENS =
  'the launch template has no MetadataOptions.HttpTokens, so the account’s default or the AMI decides whether a token is demanded';

/** Nodes whose launch template is in no template. */
export const metadataOfUnseen = (what: string): MetadataOptions => bothUnknown(what);

/**
 * The options that EKS gives a managed node group without a launch template, by its AMI type: tokens
 * with one hop on AL2023, two hops on AL2 (EKS user guide, "Upgrade from Amazon Linux 2 to Amazon Linux
 * 2023": the hop limit of managed node groups).
 */
export function metadataByAmi(group: ValueMap): MetadataOptions {
  const doubt = doubtAt(group, 'AmiType');
  if (doubt !== undefined) return { metadataHops: { unknown: doubt } };
  const type = knownText(group, 'AmiType');
  if (type?.startsWith('AL2023_')) return { metadataHops: 1 };
  if (type?.startsWith('AL2_')) return { metadataHops: 2 };
  const what = type === undefined ? 'the node group has no AmiType' : `AMI type ${type}`;
  const unknown = `the hop limit of its nodes: ${what}, and no launch template says it`;
  return { metadataHops: { unknown } };
}
