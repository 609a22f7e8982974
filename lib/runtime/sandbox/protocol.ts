import type { Netns, Plan } from '../../dataplane/commands/command';
import type { Observation, Probe } from '../../dataplane/probe';
import type { Datapath } from '../../model/datapath';
import type { Failure } from '../../model/problem';
import type { World } from '../../model/world';
import type { Env } from '../cni/spec/call';
import type { PluginExit } from '../cni/spec/ended';
import type { PodName } from '../cni/spec/lab-request';
import type { Finished, SpawnOptions } from '../kernel/spawn';
import type { Captured, CaptureWish } from '../probes/captured';
import type { HttpAnswer, HttpQuestion } from '../probes/http-ask';
import type { Inquiry, Resolution } from '../probes/resolve';

/** Description of a sandbox, for clients that attach to it. */
export interface Description {
  /** The holder's process number as the client's machine sees it: what `nsenter -t` takes. */
  readonly pid: number;
  /** When it ends by itself, in milliseconds since the epoch; absent: when its client does. */
  readonly expiresAt?: number;
  readonly namespaces: readonly Netns[];
  /** What its keeper wrote on it; empty until something is. */
  readonly note: string;
  /** Pods that are containers of a runtime now (see `cni`). */
  readonly containers: readonly Contained[];
}

/** A pod that a runtime's container is. */
export interface Contained extends PodName {
  readonly containerId: string;
}

/** A world that a sandbox shows. */
export interface Shown {
  readonly world: World;
  readonly datapath?: Datapath;
}

/** A call of the CNI plugin, and who called: the plugin's own process. */
export interface CniCall {
  /** The runtime's parameters, `CNI_COMMAND` and others. */
  readonly env: Env;
  /** The network configuration. */
  readonly stdin: string;
  readonly caller: {
    readonly pid: number;
    /** Number of the network namespace it stands in (`ino` of /proc/self/ns/net). */
    readonly net: number;
    /** Its descriptor of the container's namespace, and that namespace's number; absent: none. */
    readonly container?: { readonly fd: number; readonly net: number };
  };
}

/** The operations of the holder: what is asked, and what is answered. */
export interface Operations {
  readonly describe: { readonly ask: Record<never, never>; readonly answer: Description };
  readonly run: {
    /** `note` and `shows` hold once the plan is done. */
    readonly ask: { readonly plan: Plan; readonly note?: string; readonly shows?: Shown };
    /** How many commands are done. */
    readonly note: number;
    readonly answer: null;
  };
  readonly probe: {
    readonly ask: { readonly probes: readonly Probe[]; readonly options: ProbeRunOptions };
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
  readonly capture: {
    readonly ask: CaptureWish;
    readonly note: Captured;
    /** How many packets were seen. */
    readonly answer: number;
  };
  /** How another process walks into a namespace. */
  readonly enter: { readonly ask: { readonly netns: Netns }; readonly answer: Entrance };
  readonly resolve: { readonly ask: Inquiry; readonly answer: Resolution };
  readonly askHttp: { readonly ask: HttpQuestion; readonly answer: HttpAnswer };
  /** Carries out a call of the CNI plugin: a container becomes a pod of the world that is shown. */
  readonly cni: { readonly ask: CniCall; readonly answer: PluginExit };
  /** Does this kernel have such a device? Answers why not, or null. */
  readonly tryDevice: { readonly ask: { readonly kind: string }; readonly answer: string | null };
  readonly keep: {
    readonly ask: {
      readonly socket: string;
      readonly expiresAt: number;
      readonly endsWithOpener: boolean;
    };
    readonly answer: null;
  };
  readonly extend: { readonly ask: { readonly expiresAt: number }; readonly answer: null };
  /** Writes the note that `describe` shows; it lives and dies with the sandbox. */
  readonly note: { readonly ask: { readonly note: string }; readonly answer: null };
  readonly end: { readonly ask: Record<never, never>; readonly answer: null };
}

export interface ProbeRunOptions {
  /** How long a flow may stay silent before that counts as denied, in milliseconds; see `Prober`. */
  readonly timeoutMs: number;
  /** `on`: every observation says which rules the kernel applied. It costs about twice the time. */
  readonly trace: 'off' | 'on';
}

/** What nsenter(1) needs to walk into a namespace. */
export interface Entrance {
  /** The holder's process number. */
  readonly pid: number;
  /** The namespace, below the holder's folder in /proc: `fd/7`, or what `ip netns add` made. */
  readonly net: string;
  readonly mode: 'rootless' | 'root';
  /** A file to mount over /etc/resolv.conf; inside the sandbox. */
  readonly resolvConf?: string;
}

/** What an operation tells while it is under way. */
export type Note<K extends Operation> = Operations[K] extends { readonly note: infer N }
  ? N
  : never;

export type Operation = keyof Operations;

/** One line from client to holder. */
export type HolderRequest = {
  [K in Operation]: { readonly id: number; readonly op: K; readonly ask: Operations[K]['ask'] };
}[Operation];

/** One line from holder to client; several notes may come before the last. */
export type HolderReply =
  | { readonly id: number; readonly kind: 'note'; readonly note: unknown }
  | { readonly id: number; readonly kind: 'answer'; readonly answer: unknown }
  | { readonly id: number; readonly kind: 'error'; readonly message: string }
  | { readonly id: number; readonly kind: 'failure'; readonly failure: Refused };

/** A `Failure` on its way to the person who can act on it. */
export type Refused = Pick<Failure, 'code' | 'problem' | 'fix'>;
