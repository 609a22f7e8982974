import type { Question } from '../../lab/answer';
import type { CheckResult } from '../../lab/check-result';
import type { Lab, LabTarget } from '../../lab/format';
import type { LabProgress, LabState } from '../../lab/progress';
import type { FlowChange } from '../../model/change';
import type { Verdict } from '../../model/explanation';
import type { Finding } from '../../model/finding';
import type { Flip } from '../../model/flip';
import type { Protocol } from '../../model/flow';
import type { Problem, SourceFile } from '../../model/problem';
import type { ComparedAnswer, ObservedAnswer, PredictedAnswer } from '../../report/answer';
import type { Square } from '../../report/matrix';

/** Why the live server did not do what was asked: what `--json` prints, with any other status than 200. */
export type ErrorBody =
  | { readonly error: { readonly code: string; readonly problem: string; readonly fix: string } }
  /** Everything wrong in a text that was sent. Nothing was judged and nothing was changed. */
  | { readonly problems: readonly Problem[] };

/**
 * A line of a streamed answer. Progress and items come in order; `done` or `failed` is the last line. A
 * stream that ends without either was cut: the server has ended.
 */
export type StreamLine<T, I = never> =
  | {
      readonly kind: 'progress';
      readonly text: string;
      /** Commands that are done, and how many there are; absent where that is not known. */
      readonly done?: number;
      readonly total?: number;
    }
  | { readonly kind: 'item'; readonly item: I }
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly failure: ErrorBody };

/** A lab that is up on this machine, as `lab status --json` prints it. */
export interface LabUp {
  readonly lab: string;
  readonly target: LabTarget;
  /** The policy stage it shows; empty for a Linux lab. */
  readonly stage: string;
  /** The stage as a learner may see it: a drawn fault's own name would give it away. */
  readonly shownStage: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** ISO 8601; the lab ends by itself then. */
  readonly expiresAt: string;
  /** Names of the files that were applied on top of the stage. */
  readonly applied: readonly string[];
  /** Differs wherever what was applied differs; empty where nothing was. */
  readonly appliedAs: string;
  /** The lab ends when the server does. */
  readonly endsWithServer: boolean;
}

/** What all pages show of this machine: `GET api/state`, and each event of `GET api/events`. */
export interface BookState {
  readonly version: string;
  /** The folder in which `keep` writes files. */
  readonly folder: string;
  readonly up: readonly LabUp[];
  /** Labs whose process does not answer: `down` with `force` ends them. */
  readonly silent: readonly string[];
  /** Progress of every lab that was begun, by id; the same that `lab` keeps. */
  readonly progress: Readonly<Record<string, LabProgress>>;
  /** Actions under way, by lab: `up`, `check`, `stage` and so on. */
  readonly busy: Readonly<Record<string, string>>;
}

/** A lab in the list, as `lab list --json` prints it, with its progress. */
export interface ListedLab {
  readonly id: string;
  readonly level: number;
  readonly title: string;
  readonly goal: string;
  readonly prerequisites: readonly string[];
  readonly targets: readonly LabTarget[];
  readonly cost: string;
  /** USD an hour on EKS, by size; absent where the lab does not run there. */
  readonly eksPerHour?: Readonly<Record<'small' | 'production', number>>;
  readonly state: LabState | 'up';
  readonly progress: LabProgress | null;
}

/** One lab as this learner plays it: `GET api/labs/:lab`. */
export interface LabPage {
  /** As `lab show --json` prints it; a fault that was drawn is in it. */
  readonly lab: Lab<string>;
  /** The lab's text, Markdown. */
  readonly text: string;
  readonly state: LabState | 'up';
  readonly progress: LabProgress | null;
  /** Id of the step that the learner is at; null once all are done. */
  readonly step: string | null;
  readonly running: LabUp | null;
}

/** `POST api/labs/:lab/up`: all fields may be left out. */
export interface UpRequest {
  /** Hours after which the lab ends by itself, above 0 and at most 168. @default 8 */
  readonly hours?: number;
  /** For labs that draw a fault: a whole number of at most nine digits. */
  readonly seed?: number;
}

/** The task that comes next, as `lab up --json` prints it. */
export interface NextTask {
  readonly lab: string;
  readonly next: { readonly step: string; readonly task: string } | null;
  readonly progress: LabProgress | null;
}

/** `lab down --json`. */
export interface LabDown {
  readonly lab: string;
  /** What is left of it: nothing. */
  readonly left: readonly string[];
}

/** `POST api/labs/:lab/check`. */
export interface CheckRequest {
  /** Id of the step. @default the one that the learner is at */
  readonly step?: string;
}

/** `lab check --json`, and what comes next. */
export interface CheckAnswer extends NextTask {
  /** The step that was checked; null where every step is done and none was named. */
  readonly step: string | null;
  readonly passed: boolean;
  readonly results: readonly CheckResult[];
  /** What the step taught; empty until it is passed. */
  readonly because: string;
}

/** `POST api/labs/:lab/hint`. */
export interface HintAnswer {
  /** Null where every step is done. */
  readonly step: string | null;
  readonly hint: string;
  /** Hints taken for this step, and how many it has. */
  readonly taken: number;
  readonly of: number;
}

/** `POST api/labs/:lab/solve`. */
export interface SolveAnswer {
  /** Null where every step is done: nothing was applied. */
  readonly step: string | null;
  readonly kind: 'stage' | 'commands' | 'answers';
  /** The stage that the lab moved to. */
  readonly stage?: string;
  /** Commands that were typed in machines, with what they complained of. */
  readonly lines: readonly string[];
  /** Questions that the step asks, with a right answer; null where only this machine knows it. */
  readonly answers: readonly { readonly question: Question; readonly right: string | null }[];
  /** The proof of the stage with real packets. */
  readonly proof?: ProofCounts;
}

/** How many flows were tried, and those that went otherwise than predicted. */
export interface ProofCounts {
  readonly flows: number;
  /** How long the packets took, in milliseconds. */
  readonly millis: number;
  readonly differing: readonly ComparedAnswer[];
}

/** `POST api/labs/:lab/answer`. */
export interface AnswerRequest {
  /** Id of the question. */
  readonly question: string;
  readonly answer: string;
}

/** What an answer is worth. `noted`: the check compares it with this machine. */
export interface AnswerJudged extends NextTask {
  readonly question: string;
  readonly verdict: 'right' | 'wrong' | 'noted';
  /** Why it is so, or what is wrong about it; empty where it was noted. */
  readonly why: string;
}

/** `POST api/labs/:lab/stage`. */
export interface StageRequest {
  readonly stage: string;
}

/** `lab stage --json` and `lab apply`: which flows changed, and the proof with real packets. */
export interface StageAnswer extends ProofCounts {
  readonly stage: string;
  readonly changes: readonly FlowChange[];
  /** Objects about HTTP that their controller would not accept as a whole. */
  readonly unserved: readonly Finding[];
}

/** `POST api/labs/:lab/apply`: puts a file on top of the stage, or removes the one of that name. */
export interface ApplyRequest {
  /** Such as `my-policy.yaml`: letters, digits, dots, dashes and underscores, no folder. */
  readonly name: string;
  /** YAML or JSON; null removes the file. */
  readonly text: string | null;
}

/** `GET api/labs/:lab/objects?stage=`: the manifests that are in force, as they stand. */
export interface ObjectsAnswer {
  readonly stage: string;
  /** What the stage itself has, then what the learner applied: later files replace objects of earlier ones. */
  readonly own: readonly SourceFile[];
  readonly applied: readonly SourceFile[];
  /** What is in force: the stage with what was applied laid over it. */
  readonly inForce: {
    readonly manifests: readonly SourceFile[];
    readonly templates: readonly SourceFile[];
  };
}

/** A matrix end by end; `verdicts[source][target]`, null where an end would call itself. */
export interface MatrixValue {
  readonly sources: readonly { readonly end: string; readonly workload: string }[];
  readonly targets: readonly {
    readonly end: string;
    readonly workload: string;
    readonly protocol: Protocol;
    readonly port?: number | string;
  }[];
  readonly verdicts: readonly (readonly (Verdict | null)[])[];
}

/** `POST api/labs/:lab/matrix`: every flow predicted and sent; squares as `lab matrix --json` prints them. */
export interface MatrixAnswer extends ProofCounts {
  readonly stage: string;
  readonly predicted: Square;
  readonly observed: Square;
  readonly ends: { readonly predicted: MatrixValue; readonly observed: MatrixValue };
}

/** `POST api/labs/:lab/explain`. */
export interface ExplainRequest {
  /** As on the command line: `shop/frontend-0`, `node:a`, `internet`, `ip:203.0.113.1`. */
  readonly from: string;
  /** `shop/db-0:5432`, `svc:shop/db:5432/TCP`. */
  readonly to: string;
  /** Sends the packet too, and asks the kernel which rules it met. @default false */
  readonly observed?: boolean;
  readonly stagedAsEnforced?: boolean;
}

/** `lab explain --json`. */
export interface ExplainAnswer {
  readonly predicted: PredictedAnswer & { readonly flip?: Flip };
  readonly observed?: ObservedAnswer;
  /** Absent where no packet was sent. */
  readonly agreement?: ComparedAnswer['agreement'];
}

/** A flow in a request, in the words of `--flows`. */
export interface FlowWords {
  readonly id?: string;
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly port?: number | string;
}

/** `POST api/labs/:lab/predict` and `compare`: at most 10,000 flows. */
export interface FlowsRequest {
  readonly flows: readonly FlowWords[];
  /** Compare: asks the kernel which rule dropped what was denied. @default false */
  readonly trace?: boolean;
}

/**
 * `POST api/labs/:lab/try`: what a draft would do, predicted and sent with real packets. Nothing is kept: a
 * scratch network is removed, and the running lab gets back what it had.
 */
export interface TryRequest {
  /** The stage around the draft. @default the one that the lab shows, or else its first */
  readonly stage?: string;
  /** A file on top of the stage, as `apply` would put it there. */
  readonly draft?: SourceFile;
  /** Instead of `draft`: everything that is in force, in place of the stage's own manifests. */
  readonly sources?: readonly SourceFile[];
  /** @default scratch: a network of its own beside the lab, which need not be up */
  readonly on?: 'scratch' | 'lab';
}

/** `POST api/try`: a person's own files in a scratch network. */
export interface TryOwnRequest {
  readonly manifests: readonly SourceFile[];
  readonly templates?: readonly SourceFile[];
}

/** What a draft does. `changes` is against what was in force before; empty for a person's own files. */
export interface TryAnswer extends ProofCounts {
  readonly on: 'scratch' | 'lab';
  readonly changes: readonly FlowChange[];
  readonly findings: readonly Finding[];
  readonly predicted: Square;
  readonly observed: Square;
  readonly ends: { readonly predicted: MatrixValue; readonly observed: MatrixValue };
}

/** `POST api/keep`: writes a text as a file of the folder in which the server was started. */
export interface KeepRequest {
  /** Such as `my-policy.yaml`; ends in .yaml or .yml; no folder. */
  readonly name: string;
  readonly text: string;
  /** @default false: a file of that name is an error `exists` (status 409) */
  readonly overwrite?: boolean;
}

export interface KeepAnswer {
  readonly path: string;
  readonly bytes: number;
  readonly overwritten: boolean;
}

/** Where a terminal or a capture may open: `GET api/labs/:lab/places`. */
export interface PlaceListed {
  /** As `lab shell` takes it. */
  readonly name: string;
  readonly kind: 'pod' | 'node' | 'outside' | 'machine';
}

/** What the kernel has in one place now: `GET api/labs/:lab/kernel?place=`; rows as `ip -j` prints them. */
export interface KernelView {
  readonly place: string;
  /** `ip -j -d address`. */
  readonly links: readonly unknown[];
  /** `ip -j route show table all`, IPv4 and IPv6. */
  readonly routes: readonly unknown[];
  /** `ip -j neighbour`. */
  readonly neighbours: readonly unknown[];
  /** `nft list ruleset`, as text. */
  readonly rules: string;
}

/** `POST api/labs/:lab/capture`: ends at the first limit, or when the request is aborted. */
export interface CaptureRequest {
  readonly place: string;
  /** @default all of its devices */
  readonly device?: string;
  /** Such as `tcp port 80 host 10.0.0.5`. @default all packets */
  readonly filter?: string;
  /** 1 to 10,000. @default 100 */
  readonly count?: number;
  /** 1 to 3,600. @default 30 */
  readonly seconds?: number;
}

/** A packet, as `lab capture --json` prints it, and as text. */
export interface PacketItem {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly device: string;
  readonly way: 'in' | 'out';
  /** The Ethernet frame, in base64. */
  readonly frame: string;
  /** One line in the manner of tcpdump. */
  readonly text: string;
  /** Addresses and ports of the outer IP header; absent where there is none. */
  readonly source?: string;
  readonly destination?: string;
  /** `TCP`, `UDP`, `ICMP` or `other`. */
  readonly protocol?: string;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
}

export interface CaptureAnswer {
  readonly packets: number;
}

/**
 * What a page sends over `api/labs/:lab/terminal?place=&columns=&rows=` (WebSocket), each as a text
 * message of JSON. The server sends what the terminal prints as binary messages (UTF-8).
 */
export type TerminalInput =
  | { readonly kind: 'input'; readonly data: string }
  | { readonly kind: 'resize'; readonly columns: number; readonly rows: number };

/** The last message of a terminal, as text. The socket closes after it. */
export interface TerminalEnd {
  readonly kind: 'end';
  /** Such as `exit code 0`, or `the lab ended`. */
  readonly why: string;
}
