import { kind } from './kind';

// Gateway API, gateway.networking.k8s.io/v1 (kubernetes-sigs/gateway-api: apis/v1).

/** A load balancer with its listeners; who implements it is the class's business. */
export const Gateway = kind<{
  readonly gatewayClassName: string;
  readonly listeners: readonly {
    readonly name: string;
    readonly protocol: 'HTTP' | 'HTTPS';
    readonly port: number;
    readonly hostname?: string;
    readonly tls?: {
      readonly mode: 'Terminate';
      readonly certificateRefs: readonly { readonly name: string }[];
    };
    readonly allowedRoutes?: { readonly namespaces: { readonly from: 'All' | 'Same' } };
  }[];
}>('gateway.networking.k8s.io/v1', 'Gateway');

/** Which requests of a Gateway go to which Services. */
export const HTTPRoute = kind<{
  readonly parentRefs: readonly { readonly name: string; readonly sectionName?: string }[];
  readonly hostnames?: readonly string[];
  readonly rules: readonly {
    readonly matches?: readonly {
      readonly path?: { readonly type: 'PathPrefix' | 'Exact'; readonly value: string };
      readonly headers?: readonly { readonly name: string; readonly value: string }[];
    }[];
    readonly backendRefs: readonly {
      readonly name: string;
      readonly namespace?: string;
      readonly port: number;
      readonly weight?: number;
    }[];
  }[];
}>('gateway.networking.k8s.io/v1', 'HTTPRoute');

/** Admits references from another namespace to objects of its own. */
export const ReferenceGrant = kind<{
  readonly from: readonly {
    readonly group: string;
    readonly kind: string;
    readonly namespace: string;
  }[];
  readonly to: readonly { readonly group: string; readonly kind: string; readonly name?: string }[];
}>('gateway.networking.k8s.io/v1beta1', 'ReferenceGrant');
