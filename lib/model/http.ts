import type { Cidr, Ip } from './address';
import type { LoadBalancerScheme, LoadBalancerTargets } from './balancer';

/**
 * What terminates HTTP connections and forwards requests: the proxy of a Gateway, the pods of an
 * ingress controller, or an application load balancer. References, grants and attachments are
 * already resolved: a listener holds exactly the rules that are attached to it.
 */
export interface HttpProxy {
  /** What it is made from, such as `Gateway edge/shop`, `IngressClass nginx`, `ALB edge/shop`. */
  readonly id: string;
  /**
   * `gateway` and `ingress` serve the most specific rule that matches, `alb` the first in order.
   * A wildcard host stands for one label (`ingress`), one or more labels (`gateway`), or is a glob
   * of `*` and `?` (`alb`).
   */
  readonly kind: 'gateway' | 'ingress' | 'alb';
  /** Pods that run it, as `namespace/name`; empty: it runs outside the cluster. */
  readonly pods: readonly string[];
  /** Names of the hosts outside that DNS leads to for it. */
  readonly hosts: readonly string[];
  readonly listeners: readonly HttpListener[];
  /** Of an application load balancer that the AWS Load Balancer Controller builds. */
  readonly balancer?: ApplicationBalancer;
}

/** A port of a proxy, for one host name or for all. */
export interface HttpListener {
  /** Its name in the Gateway; of other proxies `PROTOCOL:port`. */
  readonly name: string;
  /** 1 to 65535. */
  readonly port: number;
  /** `HTTPS`: TLS ends here. */
  readonly protocol: 'HTTP' | 'HTTPS';
  /** The host name it serves, perhaps with `*.` in front; absent: every one. */
  readonly hostname?: string;
  /** Of several that match, `HttpProxy.kind` says which one serves a request. */
  readonly rules: readonly HttpRule[];
  /** What it does with a request that no rule matches. */
  readonly otherwise: HttpAction;
}

/** One match of a route, and what becomes of the requests that it matches. */
export interface HttpRule {
  readonly source: HttpSource;
  /** Host names it matches; empty: every one that its listener serves. */
  readonly hosts: readonly string[];
  readonly match: HttpMatch;
  /** Clients that may use it; all others get status 403. Absent: every client. */
  readonly clients?: HttpClients;
  readonly action: HttpAction;
}

/** Where a rule is written. */
export interface HttpSource {
  readonly kind: 'HTTPRoute' | 'Ingress';
  readonly namespace: string;
  readonly name: string;
  /** The place in its spec, such as `rules[0].matches[1]`. */
  readonly place: string;
  /** Seconds since 1970 when the object was created; absent: not written. */
  readonly created?: number;
}

/** Blocks of clients: one of `allowed` (empty: every client) and none of `denied`. */
export interface HttpClients {
  readonly allowed: readonly Cidr[];
  readonly denied: readonly Cidr[];
}

/** What a request must be like; every part must hold. */
export interface HttpMatch {
  readonly path: HttpPathMatch;
  /** One of these; empty: any. */
  readonly methods: readonly string[];
  readonly headers: readonly HttpValueMatch[];
  readonly query: readonly HttpValueMatch[];
  /** The client's address is in one of these; absent: any. */
  readonly clients?: readonly Cidr[];
}

/**
 * How a path matches, without its query. `prefix` is made of whole path elements: `/a` and `/a/`
 * match `/a`, `/a/` and `/a/b`, never `/ab`. `pattern` is an RE2 expression for the whole path.
 * `globs`: one of these, where `*` stands for any characters and `?` for one.
 */
export type HttpPathMatch =
  | { readonly kind: 'exact' | 'prefix'; readonly value: string }
  | { readonly kind: 'pattern'; readonly value: string; readonly ignoreCase: boolean }
  | { readonly kind: 'globs'; readonly values: readonly string[] };

/** How a header or a query parameter matches. Header names ignore case. */
export interface HttpValueMatch {
  /** Absent: any query parameter. */
  readonly name?: string;
  /** `exact` value, RE2 `pattern` for the whole value, or one of several `globs` (case ignored). */
  readonly kind: 'exact' | 'pattern' | 'globs';
  readonly values: readonly string[];
}

/** What a proxy does with a request. */
export type HttpAction = HttpForward | HttpRedirect | HttpReply;

/** Sends it to a backend. */
export interface HttpForward {
  readonly kind: 'forward';
  /** Each gets its weight over the sum of all; weight 0 gets none. Empty: status 500. */
  readonly backends: readonly HttpBackend[];
  readonly request: HttpHeaderChange;
  readonly response: HttpHeaderChange;
  readonly rewrite?: HttpRewrite;
  /** Copies go there; their answers are dropped. */
  readonly mirrors: readonly HttpMirror[];
  /** Milliseconds until status 504; absent: no limit. */
  readonly timeoutMs?: number;
}

/** Sends copies to a backend. */
export interface HttpMirror {
  readonly backend: HttpTarget;
  /** Share of the requests, above 0 and up to 1. */
  readonly share: number;
}

/** A backend with its weight. */
export interface HttpBackend {
  readonly target: HttpTarget;
  /** 0 to 1 000 000. */
  readonly weight: number;
  readonly request: HttpHeaderChange;
  readonly response: HttpHeaderChange;
}

/** A port of a Service, or the status that stands for a reference that cannot be used. */
export type HttpTarget =
  | {
      readonly kind: 'service';
      readonly namespace: string;
      readonly name: string;
      /** The Service's port, by number or name. */
      readonly port: number | string;
    }
  | { readonly kind: 'status'; readonly status: 500 | 503; readonly why: string };

/** Headers that are changed, in this order: set, add, remove. */
export interface HttpHeaderChange {
  readonly set: readonly HttpHeader[];
  readonly add: readonly HttpHeader[];
  readonly remove: readonly string[];
}

export interface HttpHeader {
  readonly name: string;
  readonly value: string;
}

/** What a backend receives in place of the host and path that were asked for. */
export interface HttpRewrite {
  readonly hostname?: string;
  readonly path?: HttpPathChange;
}

/**
 * A new path: the `whole` path, what `prefix` matched, or an RE2 `pattern` whose groups the value
 * names as `$1`.
 */
export type HttpPathChange =
  | { readonly kind: 'whole'; readonly value: string }
  | { readonly kind: 'prefix'; readonly prefix: string; readonly value: string }
  | {
      readonly kind: 'pattern';
      readonly pattern: string;
      readonly ignoreCase: boolean;
      readonly value: string;
    };

/** Sends the client elsewhere. */
export interface HttpRedirect {
  readonly kind: 'redirect';
  readonly status: 301 | 302 | 303 | 307 | 308;
  /** Absent parts stay as they were asked for. */
  readonly scheme?: 'http' | 'https';
  readonly hostname?: string;
  /** Absent: the scheme's own where a scheme is given, else the listener's. */
  readonly port?: number;
  readonly path?: HttpPathChange;
  /** Replaces the query; absent: it stays. */
  readonly query?: string;
}

/** Answers it. */
export interface HttpReply {
  readonly kind: 'reply';
  readonly status: number;
  readonly body?: string;
  readonly contentType?: string;
  /** Why, where it is not what the manifest asks for. */
  readonly why?: string;
}

/** The answer of a proxy without a rule for a request. */
export const NOT_FOUND: HttpReply = { kind: 'reply', status: 404 };

/** Headers stay as they are. */
export const UNCHANGED: HttpHeaderChange = { set: [], add: [], remove: [] };

/** A condition of an object's status, as controllers write it (Gateway API: status conditions). */
export interface HttpCondition {
  readonly kind: 'Gateway' | 'HTTPRoute' | 'Ingress';
  readonly namespace: string;
  readonly name: string;
  /** What of it: `listener https`, `parent edge/shop`; absent: the object. */
  readonly part?: string;
  readonly type: 'Accepted' | 'ResolvedRefs' | 'Programmed' | 'Conflicted';
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

/** Everything about HTTP in a world. */
export interface HttpModel {
  readonly proxies: readonly HttpProxy[];
  readonly conditions: readonly HttpCondition[];
}

/**
 * What the AWS Load Balancer Controller builds for a group of Ingresses or for a Gateway. It reads
 * HTTP, so it always connects to its targets from its own addresses.
 */
export interface ApplicationBalancer {
  /** `namespace/name` of an Ingress or Gateway alone, or the name of a group. */
  readonly group: string;
  readonly namespace: string;
  readonly scheme: LoadBalancerScheme;
  /** `dualstack` has IPv6 addresses too. */
  readonly families: 'ipv4' | 'dualstack' | 'dualstack-without-public-ipv4';
  readonly ports: readonly BalancerPort[];
  readonly targets: readonly BalancerTarget[];
  readonly addresses: readonly Ip[];
  /** Subnets it stands in, by id or Name tag; absent: the controller finds them by their tags. */
  readonly subnets?: readonly string[];
  /** Groups it carries, by id or Name tag; absent: the controller makes its own. */
  readonly securityGroups?: readonly string[];
  /** With groups of its own: the controller opens the targets' groups all the same. */
  readonly managesBackendRules: boolean;
}

/** A port that a load balancer listens on, and whom its own group admits there. */
export interface BalancerPort {
  /** 1 to 65535. */
  readonly port: number;
  readonly protocol: 'HTTP' | 'HTTPS';
  /** Blocks of clients; with `prefixLists` empty too: none. */
  readonly sourceRanges: readonly Cidr[];
  /** Ids of prefix lists of clients. */
  readonly prefixLists: readonly string[];
}

/** A port of a Service behind a load balancer. */
export interface BalancerTarget {
  readonly namespace: string;
  readonly service: string;
  readonly port: number | string;
  readonly targets: LoadBalancerTargets;
  /** Listener ports whose rules lead here. */
  readonly from: readonly number[];
  /** Ports at the target beside the traffic's that it connects to, such as for health checks. */
  readonly morePorts: readonly number[];
}
