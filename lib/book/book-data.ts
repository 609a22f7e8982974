import type { Lab, LabTarget, Level } from '../lab/format';
import { changeTemplates } from '../lab/template-change';
import type { SourceFile } from '../model/problem';
import type { OutsideEndpoint } from '../model/world';
import type { BookSnapshot } from './engine/types';
import type { TextPart } from './text-part';

/** A lab as the curriculum shows it. */
export interface LabCard {
  readonly id: string;
  readonly level: Level;
  readonly title: string;
  readonly goal: string;
  readonly prerequisites: readonly string[];
  readonly targets: readonly LabTarget[];
  /** How many steps it has. */
  readonly steps: number;
  /** How long it takes, in minutes. */
  readonly minutes: number;
  /** USD an hour on EKS for the smallest cluster; absent where the lab does not run there. */
  readonly eksPerHour?: number;
}

/** Words of each lab beside its card in which a search looks, by its id: tasks and questions. */
export type SearchWords = Readonly<Record<string, string>>;

/** All labs in the order of the curriculum. */
export interface BookCatalogue {
  readonly version: string;
  readonly levels: Readonly<Record<string, string>>;
  readonly labs: readonly LabCard[];
}

/** Everything of one lab: its data, its text and the files that its stages are read from. */
export interface LabData {
  readonly lab: Lab<string>;
  /** What stands above the tasks, without the title. */
  readonly text: readonly TextPart[];
  /** Manifests by stage; empty for a Linux lab. */
  readonly stages: Readonly<Record<string, readonly SourceFile[]>>;
  /** Templates of its VPC, before a stage changes them. */
  readonly templates: readonly SourceFile[];
  readonly outside: readonly OutsideEndpoint[];
}

/** The files of a stage, as `lab` reads them. */
export function snapshotOf(data: LabData, stage: string): BookSnapshot {
  const changes = data.lab.stages.find(({ name }) => name === stage)?.network ?? [];
  const { environment } = data.lab;
  return {
    manifests: data.stages[stage] ?? [],
    templates: changeTemplates(data.templates, data.templates.length === 0 ? [] : changes),
    outside: data.outside,
    ...(environment.kind === 'cluster' && { home: environment.home }),
  };
}
