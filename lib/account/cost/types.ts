import type { Resolver, TemplateResource } from '../template';

/** One charge of a resource, or why the table cannot say it. */
export type Charge =
  | {
      readonly kind: 'hourly';
      readonly what: string;
      readonly count: number;
      /** USD for one. */
      readonly eachPerHour: number;
    }
  | { readonly kind: 'unknown'; readonly what: string };

/** What a rule may ask about besides its own resource. */
export interface ChargeContext {
  readonly resolver: Resolver;
  readonly resources: readonly TemplateResource[];
  /** The day version support is judged by. */
  readonly day: string;
}
