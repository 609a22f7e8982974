import type { Datapath } from '../model/datapath';
import type { Question } from './answer';
import type { Check, EndName, FlowTarget } from './check';
import type { LabHead } from './head';
import type { ShellLine } from './shell-line';
import type { TemplateChange } from './template-change';
import type { StepTrials } from './trial';

/** The curriculum's levels: Linux, CNI, Kubernetes, AWS, zero trust and beyond. */
export type Level = 1 | 2 | 3 | 4 | 5;

/** Where a lab runs: this machine's kernel, a kind cluster, or EKS. */
export type LabTarget = 'local' | 'kind' | 'eks';

/**
 * What an hour costs on EKS, by class. `none`: the lab does not run there. `cluster`: control plane
 * and nodes. `cluster-and-balancers`: load balancers and their traffic too. `two-clusters`: twice.
 */
export type CostClass = 'none' | 'cluster' | 'cluster-and-balancers' | 'two-clusters';

/** A bare machine of a Linux lab: a network namespace and, where it serves, its listeners. */
export interface LabMachine {
  readonly name: string;
  /** TCP ports that answer with the machine's name. */
  readonly listens?: readonly number[];
}

/** A program that a lab's local target starts, and the Debian package that has it. */
export interface Program {
  readonly name: string;
  /** The package of Debian and Ubuntu that brings it; absent: it is installed in another way. */
  readonly package?: string;
}

/** What is there when a lab begins. */
export type LabEnvironment =
  | {
      readonly kind: 'cluster';
      /** Namespace of names without one. */
      readonly home: string;
      /** Name of the cloud network the cluster stands in (`lib/cloud`), where a lab needs a VPC. */
      readonly network?: string;
      /** How packets travel between nodes on the local target. @default routed, as by the VPC CNI */
      readonly datapath?: Datapath;
      /** Who stands outside the cluster, by name. */
      readonly outside?: readonly OutsideHost[];
      /** Calls that the application makes; the target makes them while the lab watches flows. */
      readonly calls?: readonly Arrow[];
    }
  | {
      readonly kind: 'linux';
      readonly machines: readonly LabMachine[];
      /** Typed once, in this order, before the first step. */
      readonly prepare: readonly ShellLine[];
    };

/** A host outside the cluster that a lab uses. */
export interface OutsideHost {
  readonly name: string;
  readonly addresses: readonly string[];
  /** TCP ports that answer. */
  readonly listens: readonly number[];
}

/** A flow in one line: `frontend -> backend:8080`. */
export type Arrow = `${EndName} -> ${FlowTarget}`;

/** A named set of policies, and what it promises about flows. */
export interface Stage<S extends string = string> {
  readonly name: S;
  /** What this stage is, in one line. */
  readonly about: string;
  /** Flows that must work at this stage. */
  readonly keeps: readonly Arrow[];
  /** Flows that must be closed at this stage. */
  readonly closes: readonly Arrow[];
  /** How packets travel between nodes at this stage, where it is what the stage teaches. */
  readonly datapath?: Datapath;
  /** How the lab's VPC differs from the synthesized one at this stage. @default not at all */
  readonly network?: readonly TemplateChange[];
}

/** How a step is solved, as the acceptance run and `lab solve` do it. */
export type Solution<S extends string = string> =
  | { readonly kind: 'stage'; readonly stage: S }
  | { readonly kind: 'commands'; readonly commands: readonly ShellLine[] }
  /** The step is solved by the answers its checks ask for. */
  | { readonly kind: 'answers' };

/** One task of a lab: its checks fail before the solution and pass after it. */
export interface Step<S extends string = string> {
  /** Unique in its lab. */
  readonly id: string;
  /** What to reach, not how. */
  readonly task: string;
  readonly checks: readonly Check[];
  /** Help in rising order; the last one all but says it. */
  readonly hints: readonly string[];
  readonly solution: Solution<S>;
  /** What the step taught, told once it is done. */
  readonly because: string;
  /** What the acceptance run tries beside the solution. @default doing nothing, and earlier stages */
  readonly trials?: StepTrials;
}

/** Something broken on purpose: one of them is drawn by seed when the lab begins. */
export interface Fault<S extends string = string> {
  /** The stage that has it. */
  readonly stage: S;
  /** What is to be found, and why it broke what it broke. */
  readonly question: Question;
}

/** A lesson: an environment, tasks with checks, and questions. Ids and stage names are public. */
export interface Lab<S extends string = string> {
  readonly id: string;
  readonly level: Level;
  readonly title: string;
  /** What a learner can do afterwards, in one sentence. */
  readonly goal: string;
  /** What is read before it is chosen: minutes, outcomes, links. */
  readonly head: LabHead;
  /** Ids of labs that come before this one. */
  readonly prerequisites: readonly string[];
  readonly targets: readonly LabTarget[];
  /** Why it does not run locally, or not all of it, said plainly; absent where it does. */
  readonly localLimits?: string;
  /** What must be installed for it to run locally, beyond what every lab needs. @default nothing */
  readonly needs?: readonly Program[];
  readonly cost: CostClass;
  readonly environment: LabEnvironment;
  /** In the order they are walked; none in a Linux lab. */
  readonly stages: readonly Stage<S>[];
  /** The stage a lab begins at; absent where it has none. */
  readonly start?: S;
  readonly steps: readonly Step<S>[];
  readonly questions: readonly Question[];
  /** Where the lab draws its start by seed: what may be drawn (`drawFault`). */
  readonly faults?: readonly Fault<S>[];
}

/**
 * Declares a lab. `S` is the union of its stages' names, taken from the record of charts
 * (`StageOf<'lab-id'>`), so a solution that names no stage is an error on its own line.
 */
export const defineLab = <S extends string = never>(lab: Lab<S>): Lab<S> => lab;
