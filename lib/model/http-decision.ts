import type { Ip } from './address';
import type { HttpHeader, HttpListener, HttpRule } from './http';

/** A request as it arrives at a proxy. */
export interface HttpRequest {
  readonly scheme: 'http' | 'https';
  /** The Host header, perhaps with a port. */
  readonly host: string;
  /** Port of the listener that it arrives at. */
  readonly port: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Without `?`; empty: none. */
  readonly query: string;
  readonly headers: readonly HttpHeader[];
  /** The client's address; absent: not known. */
  readonly client?: Ip;
  /** Name that the client asked for in the TLS handshake. @default the host */
  readonly serverName?: string;
}

/** What becomes of a request at a proxy. */
export type HttpDecision =
  | {
      /** No listener takes the connection. */
      readonly kind: 'refused';
      readonly reason: string;
    }
  | {
      /** The proxy answers it itself. */
      readonly kind: 'answered';
      readonly status: number;
      readonly reason: string;
      readonly listener?: HttpListener;
      readonly rule?: HttpRule;
      /** Where a redirect leads. */
      readonly location?: string;
      readonly body?: string;
    }
  | {
      /** It goes on, by share. */
      readonly kind: 'forwarded';
      readonly listener: HttpListener;
      readonly rule: HttpRule | undefined;
      readonly shares: readonly HttpShare[];
      /** Where copies go. */
      readonly mirrors: readonly HttpShare[];
    }
  | {
      /** What the request does not say decides. */
      readonly kind: 'unknown';
      readonly reason: string;
    };

/** A backend's part of the requests, and what it receives. */
export type HttpShare =
  | {
      readonly kind: 'endpoints';
      /** Above 0 and up to 1. */
      readonly share: number;
      /** `namespace/name` of the Service. */
      readonly service: string;
      readonly endpoints: readonly HttpEndpoint[];
      /** The request as the endpoint receives it; its headers are those that rules change. */
      readonly received: HttpRequest;
    }
  | {
      readonly kind: 'status';
      readonly share: number;
      readonly status: number;
      readonly reason: string;
    };

/** An address behind a Service's port. */
export interface HttpEndpoint {
  readonly address: Ip;
  /** 1 to 65535. */
  readonly port: number;
}
