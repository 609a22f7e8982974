import { createResolver, resourcesOf, type Template, type TemplateResource } from '../template';
import { type BalancerDemand, balancerCharges } from './balancers';
import { CHARGES } from './charges';
import { isFree, meteredPrice } from './free';
import { PRICE_SOURCE } from './prices';
import type { Charge } from './types';

/** One billable thing: `count` of it at `eachPerHour` USD. */
export interface CostLine {
  readonly what: string;
  /** Where it is defined: `stack/LogicalId`, or the manifest's object. */
  readonly of: string;
  readonly count: number;
  readonly eachPerHour: number;
  readonly perHour: number;
}

/** What a lab costs, from its templates and a dated price table; all amounts in USD. */
export interface Cost {
  readonly prices: typeof PRICE_SOURCE;
  readonly lines: readonly CostLine[];
  /** Billed by use: named with their price, part of no sum. */
  readonly metered: readonly {
    readonly what: string;
    readonly of: string;
    readonly price: string;
  }[];
  /** What the table has no price for: part of no sum, and never dropped. */
  readonly unknown: readonly { readonly what: string; readonly of: string }[];
  /** How many of each type are known to cost nothing. */
  readonly free: Readonly<Record<string, number>>;
  readonly perHour: number;
  readonly session: CostPeriod;
  readonly weekend: CostPeriod;
}

export interface CostPeriod {
  readonly hours: number;
  readonly usd: number;
}

export interface CostOptions {
  /** Length of a session; a lab's expiry, 8 hours by default. */
  readonly sessionHours?: number;
  /** The day to judge version support by, `2026-11-21`. */
  readonly day: string;
  /** Load balancers that manifests will ask for; no template names them. */
  readonly balancers?: readonly BalancerDemand[];
}

/** From Friday evening to Monday morning. */
export const WEEKEND_HOURS = 60;
export const SESSION_HOURS = 8;

/** The cost of everything these templates (and manifests) create. Pure, and in template order. */
export function costOf(templates: readonly Template[], options: CostOptions): Cost {
  const { sessionHours = SESSION_HOURS, balancers = [], day } = options;
  const resources = resourcesOf(templates);
  const context = { resolver: createResolver(templates), resources, day };
  const charges = [
    ...resources.flatMap((resource) =>
      (CHARGES[resource.type]?.(resource, context) ?? []).map((charge) => ({
        charge,
        of: resource.id,
      })),
    ),
    ...balancers.flatMap((demand) =>
      balancerCharges(demand, context).map((charge) => ({ charge, of: demand.of })),
    ),
  ];
  const lines = charges.flatMap(({ charge, of }) => lineOf(charge, of));
  const perHour = lines.reduce((sum, line) => sum + line.perHour, 0);
  return {
    prices: PRICE_SOURCE,
    lines,
    metered: meteredOf(resources),
    unknown: [
      ...charges.flatMap(({ charge, of }) =>
        charge.kind === 'unknown' ? [{ what: charge.what, of }] : [],
      ),
      ...resources.filter(isUnknown).map(({ type, id }) => ({ what: type, of: id })),
    ],
    free: countTypes(resources.filter(({ type }) => isFree(type))),
    perHour: cents(perHour),
    session: { hours: sessionHours, usd: cents(perHour * sessionHours) },
    weekend: { hours: WEEKEND_HOURS, usd: cents(perHour * WEEKEND_HOURS) },
  };
}

function lineOf(charge: Charge, of: string): readonly CostLine[] {
  if (charge.kind === 'unknown' || charge.count === 0) return [];
  const { what, count, eachPerHour } = charge;
  return [
    { what, of, count, eachPerHour: exact(eachPerHour), perHour: exact(count * eachPerHour) },
  ];
}

const meteredOf = (resources: readonly TemplateResource[]): Cost['metered'] =>
  resources.flatMap((resource) => {
    const price = meteredPrice(resource);
    return price === undefined ? [] : [{ what: resource.type, of: resource.id, price }];
  });

const isUnknown = (resource: TemplateResource): boolean =>
  CHARGES[resource.type] === undefined &&
  !isFree(resource.type) &&
  meteredPrice(resource) === undefined;

function countTypes(resources: readonly TemplateResource[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { type } of resources) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

// Sums of binary fractions: 0.1 + 0.2 must not print as 0.30000000000000004.
const exact = (usd: number): number => Number(usd.toFixed(6));
const cents = (usd: number): number => Number(usd.toFixed(4));
