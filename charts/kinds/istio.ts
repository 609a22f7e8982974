import { kind } from './kind';

// Istio's API (istio/api: security/v1, networking/v1).

/** How the sidecars of a namespace (or of selected pods) accept connections. */
export const PeerAuthentication = kind<{
  readonly selector?: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly mtls: { readonly mode: 'STRICT' | 'PERMISSIVE' | 'DISABLE' };
}>('security.istio.io/v1', 'PeerAuthentication');

/** Who may call whom, by certificate identity and HTTP. A policy with no rule denies everything. */
export const AuthorizationPolicy = kind<{
  readonly selector?: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly action?: 'ALLOW' | 'DENY';
  readonly rules?: readonly {
    readonly from?: readonly {
      readonly source: {
        readonly principals?: readonly string[];
        readonly namespaces?: readonly string[];
      };
    }[];
    readonly to?: readonly {
      readonly operation: {
        readonly methods?: readonly string[];
        readonly paths?: readonly string[];
        readonly ports?: readonly string[];
      };
    }[];
  }[];
}>('security.istio.io/v1', 'AuthorizationPolicy');

interface Destination {
  readonly host: string;
  readonly subset?: string;
}

/** Where requests for a host go: the first rule that matches decides. */
export const VirtualService = kind<{
  readonly hosts: readonly string[];
  readonly http: readonly {
    readonly match?: readonly {
      readonly headers: Readonly<Record<string, { readonly exact: string }>>;
    }[];
    /** A weight is a share of the sum of its route's weights; the labs write shares of a hundred. */
    readonly route: readonly { readonly destination: Destination; readonly weight?: number }[];
  }[];
}>('networking.istio.io/v1', 'VirtualService');

/** Versions of a host, and how its endpoints are used. */
export const DestinationRule = kind<{
  readonly host: string;
  readonly trafficPolicy?: {
    readonly loadBalancer?: { readonly simple: 'LEAST_REQUEST' | 'ROUND_ROBIN' | 'RANDOM' };
    readonly connectionPool?: {
      readonly tcp?: { readonly maxConnections: number };
      readonly http?: {
        readonly http1MaxPendingRequests?: number;
        readonly maxRequestsPerConnection?: number;
      };
    };
    /** `consecutiveErrors` of older texts is gone: 5xx answers are counted. */
    readonly outlierDetection?: {
      readonly consecutive5xxErrors: number;
      readonly interval: string;
      readonly baseEjectionTime: string;
    };
  };
  readonly subsets?: readonly {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
  }[];
}>('networking.istio.io/v1', 'DestinationRule');
