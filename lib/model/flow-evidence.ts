import type { Flow } from './flow';

/** Where a record stands. */
export interface RecordPlace {
  readonly file: string;
  /** From 1; for formats without lines, the number of the record. */
  readonly line: number;
}

/** Records that a flow was seen in. */
export interface FlowEvidence {
  readonly records: number;
  /** RFC 3339; absent: the records have no time. */
  readonly firstSeen?: string;
  readonly lastSeen?: string;
  /** The first of them. */
  readonly example: RecordPlace;
}

/** A flow that was seen, with the records that say so. */
export interface SeenFlow extends Flow {
  readonly evidence?: FlowEvidence;
  /** An end is Calico's public network: every address but those of RFC 1918. */
  readonly isCalicoPublic?: true;
}

/** Something that records or policies do not tell, or that a person has to know of them. */
export interface FlowNote {
  readonly kind: string;
  readonly problem: string;
  readonly fix: string;
  /** How many records; absent: it concerns the whole. */
  readonly count?: number;
  readonly example?: RecordPlace;
  /** The calls in question, each `who -> whom protocol port`, or other names of what it is about. */
  readonly calls?: readonly string[];
}

/** One rule's reason: a call that was seen, and the records that ask for it. */
export interface RuleEvidence {
  /** `shop/Deployment/web`, an address, `nodes` or `internet`. */
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly port: number;
  /** Policies that have the rule, as `namespace/name`. */
  readonly policies: readonly string[];
  /** Absent: the flows came without records. */
  readonly evidence?: FlowEvidence;
}

/** Evidence of both together. */
export function joinEvidence(a: FlowEvidence, b: FlowEvidence): FlowEvidence {
  const [first] = [a.firstSeen, b.firstSeen].filter((time) => time !== undefined).sort();
  const last = [a.lastSeen, b.lastSeen]
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
  return {
    records: a.records + b.records,
    ...(first !== undefined && { firstSeen: first }),
    ...(last !== undefined && { lastSeen: last }),
    example: a.example,
  };
}
