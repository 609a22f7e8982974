import type { Finding } from '../../model/finding';
import type { ComparedAnswer, PredictedAnswer } from '../../report/answer';
import type {
  AnswerJudged,
  AnswerRequest,
  ApplyRequest,
  BookState,
  CaptureAnswer,
  CaptureRequest,
  CheckAnswer,
  CheckRequest,
  ExplainAnswer,
  ExplainRequest,
  FlowsRequest,
  HintAnswer,
  KeepAnswer,
  KeepRequest,
  KernelView,
  LabDown,
  LabPage,
  LabUp,
  ListedLab,
  MatrixAnswer,
  NextTask,
  ObjectsAnswer,
  PacketItem,
  PlaceListed,
  SolveAnswer,
  StageAnswer,
  StageRequest,
  TryAnswer,
  TryOwnRequest,
  TryRequest,
  UpRequest,
} from './shapes';

/** Nothing is asked beside the path: the body is `{}`, or there is none for GET. */
export type NoRequest = Record<never, never>;

/** A route that answers with one JSON value. */
export interface ValueRoute<Q, A> {
  readonly ask: Q;
  readonly answer: A;
}

/** A route that answers with lines of JSON (`application/x-ndjson`), each a `StreamLine<A, I>`. */
export interface StreamRoute<Q, A, I = never> {
  readonly ask: Q;
  readonly done: A;
  readonly item: I;
}

/** Answers with one value. GET changes nothing; its questions stand in the query. */
export interface ValueRoutes {
  'GET api/state': ValueRoute<NoRequest, BookState>;
  'GET api/labs': ValueRoute<NoRequest, readonly ListedLab[]>;
  'GET api/labs/:lab': ValueRoute<NoRequest, LabPage>;
  'GET api/labs/:lab/objects': ValueRoute<{ readonly stage?: string }, ObjectsAnswer>;
  'GET api/labs/:lab/places': ValueRoute<NoRequest, readonly PlaceListed[]>;
  'GET api/labs/:lab/kernel': ValueRoute<{ readonly place: string }, KernelView>;
  'GET api/labs/:lab/lint': ValueRoute<NoRequest, readonly Finding[]>;
  'POST api/labs/:lab/hint': ValueRoute<NoRequest, HintAnswer>;
  'POST api/labs/:lab/answer': ValueRoute<AnswerRequest, AnswerJudged>;
  'POST api/labs/:lab/reset': ValueRoute<NoRequest, { readonly lab: string }>;
  'POST api/labs/:lab/extend': ValueRoute<{ readonly hours: number }, LabUp>;
  'POST api/labs/:lab/explain': ValueRoute<ExplainRequest, ExplainAnswer>;
  'POST api/labs/:lab/predict': ValueRoute<FlowsRequest, readonly PredictedAnswer[]>;
  'POST api/keep': ValueRoute<KeepRequest, KeepAnswer>;
}

/** Long actions: progress while they last. */
export interface StreamRoutes {
  'POST api/labs/:lab/up': StreamRoute<UpRequest, NextTask>;
  'POST api/labs/:lab/down': StreamRoute<{ readonly force?: boolean }, LabDown>;
  'POST api/labs/:lab/stage': StreamRoute<StageRequest, StageAnswer>;
  'POST api/labs/:lab/apply': StreamRoute<ApplyRequest, StageAnswer>;
  'POST api/labs/:lab/check': StreamRoute<CheckRequest, CheckAnswer>;
  'POST api/labs/:lab/solve': StreamRoute<NoRequest, SolveAnswer>;
  'POST api/labs/:lab/matrix': StreamRoute<NoRequest, MatrixAnswer>;
  'POST api/labs/:lab/compare': StreamRoute<FlowsRequest, readonly ComparedAnswer[]>;
  'POST api/labs/:lab/try': StreamRoute<TryRequest, TryAnswer>;
  'POST api/labs/:lab/capture': StreamRoute<CaptureRequest, CaptureAnswer, PacketItem>;
  'POST api/try': StreamRoute<TryOwnRequest, TryAnswer>;
}
