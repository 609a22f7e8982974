import type { Flow } from '../model/flow';
import type { FlowEvidence } from '../model/flow-evidence';

/** One observed connection: its client, its server, and whether it was allowed. */
export interface FlowRecord {
  /** Its port is a number, and its ends are pods where the world knows their addresses. */
  readonly flow: Flow;
  /** `deny` where anything on its way there or back refused it. */
  readonly action: 'allow' | 'deny';
  /** What asks for it. */
  readonly evidence: FlowEvidence;
  /** An end is Calico's public network: every address but those of RFC 1918. */
  readonly isCalicoPublic?: true;
}

/** The formats that flow records are written in. */
export const RECORD_FORMATS = ['answers', 'calico', 'vpc'] as const;
export type RecordFormat = (typeof RECORD_FORMATS)[number];
