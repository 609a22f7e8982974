import type { FlowChange } from '../../model/change';
import type { Explanation, Verdict } from '../../model/explanation';
import type { Finding } from '../../model/finding';
import type { Flip } from '../../model/flip';
import type { Protocol } from '../../model/flow';
import type { Problem, SourceFile } from '../../model/problem';
import type { Snapshot } from '../../read/world';

/** Files to judge, and the namespace whose workloads come first. */
export interface BookSnapshot extends Snapshot {
  readonly home?: string;
}

/** One row or column of a grid: a workload, a machine or a host outside the cluster. */
export interface GridEnd {
  /** As `namespace/Kind/name`, or the end itself; a column adds its protocol and port. */
  readonly key: string;
  /** Namespace; `undefined` for what stands outside the cluster. */
  readonly namespace: string | undefined;
  readonly name: string;
  /** How many pods it stands for. */
  readonly members: number;
  readonly protocol?: Protocol;
  readonly port?: number | string;
}

/** What the flows between two workloads answer. */
export interface GridCell {
  /** Flows by verdict, in the order of `VERDICTS`. */
  readonly counts: readonly number[];
  /** One of them, in words a person types. */
  readonly example: AskedFlow;
}

/** A flow as a person types it. */
export interface AskedFlow {
  readonly from: string;
  /** With the port, and the protocol where it is not TCP. */
  readonly to: string;
}

/** What deviates from the verdict that most flows share. */
export interface GridDeviations {
  readonly usual: Verdict;
  /** Pairs of workloads that answer otherwise, at most 200. */
  readonly pairs: readonly GridPair[];
  readonly count: number;
}

/** Two workloads and what their flows answer. */
export interface GridPair {
  readonly row: GridEnd;
  readonly column: GridEnd;
  readonly cell: GridCell;
}

/** A matrix by workload, its ends grouped by namespace. */
export interface Grid {
  readonly rows: readonly GridEnd[];
  readonly columns: readonly GridEnd[];
  /** Row by row; `undefined` where there is no flow to judge. Empty where `deviations` are listed instead. */
  readonly cells: readonly (GridCell | undefined)[];
  /** Of a grid that is too large to draw: the verdict that most flows share, and what deviates. */
  readonly deviations?: GridDeviations;
  /** Flows by verdict, in the order of `VERDICTS`. */
  readonly totals: readonly number[];
}

/** What was read. `problems`: nothing was judged. */
export type OpenedFiles =
  | {
      readonly kind: 'read';
      readonly pods: number;
      readonly policies: number;
      readonly warnings: readonly Problem[];
      /** Kinds that are not judged, with how many there were. */
      readonly skipped: Readonly<Record<string, number>>;
    }
  | { readonly kind: 'problems'; readonly problems: readonly PlacedProblem[] };

/** A problem with the line it stands at, where the file has one. */
export interface PlacedProblem extends Problem {
  /** From 1. */
  readonly line?: number;
}

/** A finding with the line of its object or rule. */
export interface PlacedFinding extends Finding {
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
}

/** The prediction of a whole world. */
export interface Judgement {
  readonly kind: 'judged';
  readonly grid: Grid;
  readonly millis: EngineMillis;
}

/** How long the engine took, in milliseconds. */
export interface EngineMillis {
  readonly read: number;
  readonly judge: number;
}

/** What a change of the files opens and closes. */
export interface Edited extends Omit<Judgement, 'kind'> {
  readonly kind: 'edited';
  readonly before: Grid;
  readonly changes: readonly FlowChange[];
}

/** Files that could not be read, so there is no prediction. */
export interface Unreadable {
  readonly kind: 'problems';
  readonly problems: readonly PlacedProblem[];
}

/** Verdict, evidence and trace of one flow, and the one change that would turn it around. */
export interface Explained {
  readonly kind: 'explained';
  readonly explanation: Explanation;
  readonly flip?: Flip;
  /** The lookup of the name that the flow names, where it is a Service. */
  readonly lookup?: Explanation;
}

/** A question about a flow that names an end which is not there. */
export interface UnknownFlow {
  readonly kind: 'unknown-flow';
  readonly problem: string;
  readonly fix: string;
}

/** What exists in a world: completion offers nothing else. */
export interface Vocabulary {
  readonly namespaces: readonly string[];
  readonly tiers: readonly string[];
  /** Values by label key. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  readonly namespaceLabels: Readonly<Record<string, readonly string[]>>;
  readonly ports: readonly (number | string)[];
  /** Names of pods and Services, for flows. */
  readonly ends: readonly string[];
  readonly serviceAccounts: readonly string[];
  /** API versions by kind: the kinds that are judged. */
  readonly kinds: Readonly<Record<string, readonly string[]>>;
}

/** The questions that the worker answers, by name. */
export interface EngineQuestions {
  /** Reads files and keeps what they say under a key. */
  readonly open: (input: { readonly key: string; readonly snapshot: BookSnapshot }) => OpenedFiles;
  readonly judge: (input: { readonly key: string }) => Judgement | Unreadable;
  /** Judges files that were edited against those of another key. */
  readonly edit: (input: EditInput) => Edited | Unreadable;
  readonly compare: (input: {
    readonly before: string;
    readonly after: string;
  }) => readonly FlowChange[] | Unreadable;
  readonly explain: (input: FlowQuestion) => Explained | UnknownFlow | Unreadable;
  readonly lint: (input: { readonly key: string }) => readonly PlacedFinding[];
  readonly vocabulary: (input: { readonly key: string }) => Vocabulary;
  readonly picture: (input: PictureQuestion) => Pictured | Unreadable;
  /** Draws one flow hop by hop, there and back. */
  readonly way: (input: WayQuestion) => Pictured | UnknownFlow | Unreadable;
  /** Loads what `recommend` needs, so that it then works without a network. */
  readonly prepareRecommend: (input: undefined) => void;
  readonly recommend: (input: RecommendInput) => Recommended | Unreadable;
}

/** Flow records, and the files of the cluster that they were seen in. */
export interface RecommendInput {
  readonly key: string;
  readonly records: readonly SourceFile[];
  readonly enforcement: 'staged' | 'enforced';
}

/** Policies that keep the flows that were seen, as `lab recommend` writes them. */
export interface Recommended {
  readonly kind: 'recommended';
  readonly yaml: string;
  readonly flows: number;
  /** What they allow beyond the flows that were seen. */
  readonly generalised: readonly string[];
  readonly notPoliced: readonly string[];
  /** What records do not tell, and what to know before the policies are applied, a sentence each. */
  readonly notes: readonly string[];
}

/** Which world is drawn, and with which others it shares its places. */
export interface PictureQuestion {
  readonly key: string;
  /** What it is compared with: what opens and closes is drawn as such. */
  readonly before?: string;
  /** Keys of the worlds that positions come from. */
  readonly topology: readonly string[];
  readonly compact: boolean;
  readonly direction: 'right' | 'down';
  /** Flows of checks that failed: they are lit, and everything else goes quiet. */
  readonly failed?: readonly AskedFlow[];
}

/** A picture as SVG text whose colours are variables of the page, and what stands in it. */
export interface Pictured {
  readonly kind: 'pictured';
  readonly svg: string;
  readonly width: number;
  readonly height: number;
  /** The picture in a sentence or two. */
  readonly about: string;
  readonly boxes: readonly PicturedBox[];
  readonly edges: readonly PicturedEdge[];
  /** Only what is in the picture; `svg` draws the sample and the word. */
  readonly legend: readonly { readonly word: string; readonly svg: string }[];
}

export interface PicturedBox {
  readonly id: string;
  readonly kind: string;
  readonly parent?: string;
  readonly about: string;
  /** Policies that isolate it. */
  readonly policies: readonly string[];
}

export interface PicturedEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly state: string;
  readonly about: string;
  /** One of its flows, to explain. */
  readonly flow?: AskedFlow;
}

export interface EditInput {
  readonly key: string;
  readonly against: string;
  readonly snapshot: BookSnapshot;
}

export interface FlowQuestion extends AskedFlow {
  readonly key: string;
}

/** A flow that is drawn; the device of the hop `step`, counted from 1, is framed. */
export interface WayQuestion extends FlowQuestion {
  readonly step?: number;
}

export type QuestionName = keyof EngineQuestions;

/** A message to the worker. */
export interface EngineMessage<Q extends QuestionName = QuestionName> {
  readonly id: number;
  readonly ask: Q;
  readonly input: Parameters<EngineQuestions[Q]>[0];
}

/** The worker's answer to the message of the same id. */
export type EngineReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string };
