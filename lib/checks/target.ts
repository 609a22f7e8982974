import type { ObservedFact } from '../lab/answer';
import type {
  DistributionCheck,
  EndName,
  FlowCheck,
  HttpCheck,
  ObjectCheck,
  PingCheck,
  WireCheck,
} from '../lab/check';
import type { NameScope } from '../lab/resolve';
import type { Outcome } from '../model/observation';
import type { World } from '../model/world';

/**
 * What a check needs of the environment it looks at. The local kernel, bare Linux machines and a
 * cluster (kind, EKS) implement it. A target only observes: whether what it saw is right is decided in
 * this folder, the same way for every target.
 */
export interface Target {
  /**
   * Proves that this target enforces policies at all, before any packet is believed.
   * @throws Failure `no-enforcement` or `no-connection` where it does not.
   */
  readonly proveEnforcement: () => Promise<void>;
  /** Makes the attempts of all checks together, because each denial is a wait; in the order asked. */
  readonly attempt: (
    checks: readonly AttemptCheck[],
  ) => Promise<readonly TargetAnswer<AttemptsMade>[]>;
  /** Resolves a name from inside an end, as a program there would. */
  readonly resolve: (from: EndName, name: string) => Promise<TargetAnswer<ResolvedName>>;
  /** The addresses behind a name of the lab, a Service's own among them; none where it has none. */
  readonly addressesOf: (name: EndName) => Promise<readonly string[]>;
  /** Makes one HTTP request from inside an end. */
  readonly requestHttp: (check: HttpCheck) => Promise<TargetAnswer<HttpResult>>;
  /** Makes many requests, a connection each; what answered each of them said of itself. */
  readonly requestMany: (check: DistributionCheck) => Promise<TargetAnswer<readonly string[]>>;
  /** Whether a text that a server said of itself is the word of an end of this name. */
  readonly isAnswerOf: (text: string, name: EndName) => boolean;
  /** Watches a device until a packet of the check's flow passes; `undefined` where none does. */
  readonly watch: (check: WireCheck) => Promise<TargetAnswer<PacketAddresses | undefined>>;
  /** Runs a read-only command on a machine; what it wrote to standard output. */
  readonly runOn: (machine: string, argv: readonly string[]) => Promise<TargetAnswer<string>>;
  /** Reads an object from the API server. */
  readonly readObject: (check: ObjectCheck) => Promise<TargetAnswer<unknown>>;
  /** Offers a manifest to the API server, which keeps nothing of it. */
  readonly tryManifest: (manifest: string) => Promise<TargetAnswer<AdmissionResult>>;
  /** The world that predictions are made from, as it is now. */
  readonly world: () => TargetAnswer<NameScope>;
  /** The world of one of the lab's stages, by name: what a step requires. */
  readonly required: (stage: string) => TargetAnswer<World>;
  /** The values that a fact has at each end behind a name. */
  readonly observe: (fact: ObservedFact, of: EndName) => Promise<TargetAnswer<readonly string[]>>;
}

/** What a target answers. Only `answered` may make a check right. */
export type TargetAnswer<T> =
  | { readonly kind: 'answered'; readonly value: T }
  /** Something that the check names does not exist now: the check is wrong. */
  | { readonly kind: 'missing'; readonly what: string; readonly look: string }
  /** This kind of target cannot answer the question, with the reason: the check is not judged. */
  | { readonly kind: 'elsewhere'; readonly reason: string };

/** Checks that are judged by whether single packets get through. */
export type AttemptCheck = FlowCheck | PingCheck;

/** What was tried for one check: at least one attempt, and its controls. */
export interface AttemptsMade {
  readonly tried: readonly MadeAttempt[];
  /** Attempts to the same destinations that must connect for a denial to count. */
  readonly controls: readonly MadeAttempt[];
}

/** One attempt with real packets. */
export interface MadeAttempt {
  /** What was tried, such as `shop/web-0 -> shop/db-0 TCP 5432`. */
  readonly name: string;
  readonly outcome: Outcome;
  /** Why, as far as this target knows: the deciding rules, or what the probe said. Else empty. */
  readonly because: string;
  /** The command that looks closer. */
  readonly look: string;
  /** What the server that answered said of itself; absent: nothing, or not known here. */
  readonly answer?: string;
}

/** What a name resolved to. */
export interface ResolvedName {
  /**
   * `no-name`: a server answered that there is no such name or no address of it. `no-answer`: no
   * server answered in time. `failed`: the query could not be made, or a server refused it.
   */
  readonly kind: 'resolved' | 'no-name' | 'no-answer' | 'failed';
  readonly addresses: readonly string[];
  /** What it is another name for (CNAME), without a final dot. */
  readonly aliases: readonly string[];
  /** The queries and their answers in one line. */
  readonly saw: string;
  readonly look: string;
}

/** What came back for an HTTP request. */
export type HttpResult =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  /** The connection was refused, cut or not answered in time. */
  | { readonly kind: 'refused'; readonly why: string }
  /** The request could not be made, which says nothing about who may make it. */
  | { readonly kind: 'not-made'; readonly why: string };

/** The addresses in a packet's outer IP header. */
export interface PacketAddresses {
  readonly source: string;
  readonly destination: string;
}

/** What an API server said to a manifest. */
export interface AdmissionResult {
  /** The objects of the manifest, such as `Deployment shop/web`. */
  readonly objects: readonly string[];
  /** What it said to each that it refuses. */
  readonly refusals: readonly string[];
}

/** An answer with a value. */
export const answered = <T>(value: T): TargetAnswer<T> => ({ kind: 'answered', value });

/** An answer for a name that stands for nothing now. */
export const missing = (what: string, look: string): TargetAnswer<never> => ({
  kind: 'missing',
  what,
  look,
});

/** An answer for a question that this kind of target cannot be asked. */
export const notHere = (reason: string): TargetAnswer<never> => ({ kind: 'elsewhere', reason });
