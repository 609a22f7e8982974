import type { Selector } from '../../model/selector';
import type { At } from '../schema/at';
import type { Metadata } from '../schema/metadata';
import type { HttpRouteObject } from './http-route';
import type { IngressObject } from './ingress';

/** An object that could be read, and where it stands. */
export interface Placed<T> {
  readonly at: At;
  readonly value: T;
}

/** A Gateway. */
export interface GatewayObject {
  readonly meta: Metadata;
  readonly className: string;
  readonly listeners: readonly GatewayListener[];
}

/** A listener of a Gateway. */
export interface GatewayListener {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly hostname?: string;
  /** `Same`: of its own namespace; a selector: of namespaces with such labels. */
  readonly from: 'Same' | 'All' | 'None' | Selector;
  /** Kinds of routes; absent: every kind that suits its protocol. */
  readonly kinds?: readonly KindRef[];
  /** Absent where there is no `tls`. */
  readonly tls?: { readonly certificates: readonly ObjectRef[]; readonly hasOptions: boolean };
}

export interface KindRef {
  readonly group: string;
  readonly kind: string;
}

export interface ObjectRef extends KindRef {
  readonly namespace: string;
  readonly name: string;
}

/** A class of Gateways, and the controller that implements it. */
export interface GatewayClassObject {
  readonly meta: Metadata;
  readonly controller: string;
}

/** Who of another namespace may refer to what. */
export interface ReferenceGrantObject {
  readonly meta: Metadata;
  readonly from: readonly (KindRef & { readonly namespace: string })[];
  readonly to: readonly (KindRef & { readonly name?: string })[];
}

/** A class of Ingresses. */
export interface IngressClassObject {
  readonly meta: Metadata;
  readonly controller: string;
  readonly isDefault: boolean;
  /** Name of its IngressClassParams. */
  readonly params?: string;
}

/** What a class says for all of its Ingresses (AWS Load Balancer Controller). */
export interface IngressClassParamsObject {
  readonly meta: Metadata;
  readonly namespaces?: Selector;
  readonly group?: string;
  readonly scheme?: string;
  readonly targetType?: string;
  readonly ipAddressType?: string;
  readonly sslRedirectPort?: string;
  readonly inboundCidrs: readonly string[];
  readonly prefixLists: readonly string[];
  readonly certificates: readonly string[];
  readonly subnets: readonly string[];
}

/** All objects that are about HTTP. */
export interface HttpObjects {
  readonly gateways: readonly Placed<GatewayObject>[];
  readonly gatewayClasses: readonly Placed<GatewayClassObject>[];
  readonly referenceGrants: readonly Placed<ReferenceGrantObject>[];
  readonly httpRoutes: readonly Placed<HttpRouteObject>[];
  readonly ingresses: readonly Placed<IngressObject>[];
  readonly ingressClasses: readonly Placed<IngressClassObject>[];
  readonly ingressClassParams: readonly Placed<IngressClassParamsObject>[];
}
