import type { StreamRoutes, ValueRoutes } from '../api/routes';
import type { FieldReader } from './fields';
import type { OwnedLabs } from './owned';
import type { LabTurns } from './turns';

/** What routes work with besides the request. */
export interface BookContext {
  /** The folder in which `keep` writes. */
  readonly folder: string;
  readonly owned: OwnedLabs;
  readonly turns: LabTurns;
}

/** A request whose fields were read. */
export interface RouteCall<Q> {
  /** Id of the lab in the address: it exists; empty where the address has none. */
  readonly lab: string;
  readonly ask: Q;
  readonly context: BookContext;
}

/** What a long action says while it lasts. */
export interface Reporting<I> {
  readonly progress: (text: string, done?: number, total?: number) => void;
  readonly item: (item: I) => void;
  /** Aborted when the page that asked is gone. */
  readonly gone: AbortSignal;
}

/** A route that answers one value. */
export interface ValueHandler<Q, A> {
  readonly read: FieldReader<Q>;
  readonly answer: (call: RouteCall<Q>) => Promise<A> | A;
}

/** A route that answers a stream of lines. */
export interface StreamHandler<Q, A, I> {
  readonly read: FieldReader<Q>;
  /** Most bytes of its body. @default 1,000,000 */
  readonly most?: number;
  readonly run: (call: RouteCall<Q>, reporting: Reporting<I>) => Promise<A>;
}

export type ValueHandlers = {
  readonly [K in keyof ValueRoutes]: ValueHandler<ValueRoutes[K]['ask'], ValueRoutes[K]['answer']>;
};

export type StreamHandlers = {
  readonly [K in keyof StreamRoutes]: StreamHandler<
    StreamRoutes[K]['ask'],
    StreamRoutes[K]['done'],
    StreamRoutes[K]['item']
  >;
};
