import type { Netns, Plan } from '../dataplane/command';
import type { Observation, Probe } from '../dataplane/probe';
import type { Inquiry, Resolution } from './resolve';
import type { Finished, SpawnOptions } from './spawn';

/** What a sandbox is, for whoever attaches to it. */
export interface Description {
  /** The holder's process number as the client's machine sees it: what `nsenter -t` takes. */
  readonly pid: number;
  /** When it ends by itself, in milliseconds since the epoch; absent: when its client does. */
  readonly expiresAt?: number;
  readonly namespaces: readonly Netns[];
  /** What its keeper wrote on it; empty until something is. */
  readonly note: string;
}

/** The operations of the holder: what is asked, and what is answered. */
export interface Operations {
  readonly describe: { readonly ask: Record<never, never>; readonly answer: Description };
  readonly run: { readonly ask: { readonly plan: Plan }; readonly answer: null };
  readonly probe: {
    readonly ask: { readonly probes: readonly Probe[]; readonly options: ProbeOptions };
    readonly answer: readonly Observation[];
  };
  readonly exec: {
    readonly ask: {
      readonly netns: Netns;
      readonly argv: readonly string[];
      readonly options: SpawnOptions;
    };
    readonly answer: Finished;
  };
  readonly resolve: { readonly ask: Inquiry; readonly answer: Resolution };
  /** Does this kernel have such a device? Answers why not, or null. */
  readonly tryDevice: { readonly ask: { readonly kind: string }; readonly answer: string | null };
  readonly keep: {
    readonly ask: { readonly socket: string; readonly expiresAt: number };
    readonly answer: null;
  };
  readonly extend: { readonly ask: { readonly expiresAt: number }; readonly answer: null };
  /** Writes the note that `describe` shows; it lives and dies with the sandbox. */
  readonly note: { readonly ask: { readonly note: string }; readonly answer: null };
  readonly end: { readonly ask: Record<never, never>; readonly answer: null };
}

export interface ProbeOptions {
  /** How long a flow may stay silent before that counts as denied, in milliseconds; see `Prober`. */
  readonly timeoutMs: number;
  /** `on`: every observation says which rules the kernel applied. It costs about twice the time. */
  readonly trace: 'off' | 'on';
}

export type Operation = keyof Operations;

/** One line from client to holder. */
export type Request = {
  [K in Operation]: { readonly id: number; readonly op: K; readonly ask: Operations[K]['ask'] };
}[Operation];

/** One line from holder to client; several `progress` lines may come before the last. */
export type Reply =
  | { readonly id: number; readonly kind: 'progress'; readonly done: number }
  | { readonly id: number; readonly kind: 'answer'; readonly answer: unknown }
  | { readonly id: number; readonly kind: 'error'; readonly message: string };
