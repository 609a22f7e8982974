import { parseAllDocuments } from 'yaml';
import { type BalancerDemand, balancersOf } from '../account/cost/balancers';
import { type Cost, costOf } from '../account/cost/cost';
import type { SourceFile } from '../model/problem';
import { findLab } from './catalogue';
import { stageText } from './stage-text';
import { synthesizeTemplates } from './synthesize';

/** What an hour and a session of a lab are computed for. */
export interface CostQuestion {
  /** `small` or `production`. */
  readonly size: string;
  /** Length of a session in hours, above 0. */
  readonly hours: number;
}

/**
 * The cost of one lab on EKS: of its synthesized stacks, and of the load balancers that its
 * manifests ask for.
 */
export function costOfLab(lab: string, { size, hours }: CostQuestion): Cost {
  return costOf(templatesAsData(synthesizeTemplates(lab, { size })), {
    sessionHours: hours,
    day: new Date().toISOString().slice(0, 10),
    balancers: balancersIn(lab),
  });
}

/** Templates by stack name, parsed. */
export const templatesAsData = (templates: readonly SourceFile[]) =>
  templates.map(({ path, text }) => ({
    name: path.replace('.template.json', ''),
    body: JSON.parse(text) as unknown,
  }));

function balancersIn(id: string): readonly BalancerDemand[] {
  const last = findLab(id).stages.at(-1);
  if (last === undefined) return [];
  const documents = parseAllDocuments(stageText(id, last.name, 'alone'));
  return balancersOf(documents.map((document) => document.toJS()));
}
