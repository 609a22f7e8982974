import type { Flow } from '../model/flow';

/** One connection that somebody saw: who opened it to whom, and whether it was let through. */
export interface FlowRecord {
  /** Its port is a number, and its ends are pods where the world knows their addresses. */
  readonly flow: Flow;
  /** `deny` where anything on its way there or back refused it. */
  readonly action: 'allow' | 'deny';
}

/** The formats that flow records come in. */
export const RECORD_FORMATS = ['answers', 'calico', 'vpc'] as const;
export type RecordFormat = (typeof RECORD_FORMATS)[number];
