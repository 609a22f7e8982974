import { lint } from '../../lint/lint';
import type { Finding } from '../../model/finding';
import type { SourceFile } from '../../model/problem';
import { diff } from '../../reach/questions/diff';
import { flip } from '../../reach/questions/flip';
import { lookup } from '../../reach/questions/lookup';
import { parseFlow } from '../../read/flows/flows';
import { type Pictures, wayOf } from './picture';
import type { Recommender } from './recommender';
import type {
  Edited,
  EditInput,
  EngineQuestions,
  Explained,
  FlowQuestion,
  Judgement,
  OpenedFiles,
  Pictured,
  PlacedFinding,
  UnknownFlow,
  Unreadable,
  WayQuestion,
} from './types';
import { NO_VOCABULARY, vocabularyOf } from './vocabulary';
import { isUnread, locatorsOf, type OpenWorld, type Worlds } from './worlds';

/** Answers the questions of pages about worlds that were opened. */
export const createAnswers = (
  worlds: Worlds,
  pictures: Pictures,
  recommender: () => Recommender,
): EngineQuestions => ({
  picture: pictures.draw,
  open: ({ key, snapshot }) => openedOf(worlds.open(key, snapshot)),
  judge: ({ key }) => withWorld(worlds, key, judge),
  edit: (input) => edit(worlds, input),
  compare: ({ before, after }) =>
    withWorld(worlds, before, (old) => withWorld(worlds, after, (young) => changesOf(old, young))),
  explain: (question) => withWorld(worlds, question.key, (open) => explain(open, question)),
  lint: ({ key }) => {
    const open = worlds.get(key);
    return isUnread(open) ? [] : findingsOf(open);
  },
  vocabulary: ({ key }) => {
    const open = worlds.get(key);
    return isUnread(open) ? NO_VOCABULARY : vocabularyOf(open.world);
  },
  way: (question) => withWorld(worlds, question.key, (open) => way(open, question)),
  prepareRecommend: () => {
    recommender();
  },
  recommend: (input) => withWorld(worlds, input.key, (open) => recommender()(open, input)),
});

function openedOf(open: ReturnType<Worlds['open']>): OpenedFiles {
  if (isUnread(open)) return { kind: 'problems', problems: open };
  const { world, reading } = open;
  return {
    kind: 'read',
    pods: world.pods.length,
    policies: world.policies.length,
    warnings: reading.warnings,
    skipped: reading.skipped,
  };
}

function withWorld<T>(worlds: Worlds, key: string, use: (open: OpenWorld) => T): T | Unreadable {
  const open = worlds.get(key);
  return isUnread(open) ? { kind: 'problems', problems: open } : use(open);
}

function judge(open: OpenWorld): Judgement {
  const started = performance.now();
  const grid = open.grid();
  return {
    kind: 'judged',
    grid,
    millis: { read: open.millis, judge: performance.now() - started },
  };
}

const changesOf = (before: OpenWorld, after: OpenWorld) => diff(compared(before), compared(after));

/** A world for comparison, whose matrix is not computed twice: a diff asks for it, and for Services after it. */
function compared(open: OpenWorld) {
  const engine = open.engine();
  const known = open.matrix();
  const matrix: typeof engine.matrix = (query) =>
    query.sources.length === known.sources.length && query.targets.length === known.targets.length
      ? known
      : engine.matrix(query);
  return { world: open.world, engine: { ...engine, matrix } };
}

function edit(worlds: Worlds, { key, against, snapshot }: EditInput): Edited | Unreadable {
  const after = worlds.open(key, snapshot);
  if (isUnread(after)) return { kind: 'problems', problems: after };
  return withWorld(worlds, against, (before): Edited => {
    const started = performance.now();
    const grid = after.grid();
    const changes = changesOf(before, after);
    return {
      kind: 'edited',
      grid,
      before: before.grid(),
      changes,
      millis: { read: after.millis, judge: performance.now() - started },
    };
  });
}

function way(open: OpenWorld, { from, to, step }: WayQuestion): Pictured | UnknownFlow {
  const flow = parseFlow(from, to, open.world);
  if ('problem' in flow) return { kind: 'unknown-flow', problem: flow.problem, fix: flow.fix };
  return wayOf(open, open.engine().explain(flow), step);
}

function explain(open: OpenWorld, { from, to }: FlowQuestion): Explained | UnknownFlow {
  const { world } = open;
  const flow = parseFlow(from, to, world);
  if ('problem' in flow) return { kind: 'unknown-flow', problem: flow.problem, fix: flow.fix };
  const engine = open.engine();
  const explanation = engine.explain(flow);
  const turned = flip(world, explanation, { staged: 'as-written' });
  const named = lookup(world, engine, flow);
  return {
    kind: 'explained',
    explanation,
    ...(turned && { flip: turned }),
    ...(named && { lookup: named }),
  };
}

/** Findings with the lines of what they are about. */
function findingsOf({ world, snapshot }: OpenWorld): readonly PlacedFinding[] {
  const files = [...snapshot.manifests];
  const locators = locatorsOf(files);
  return lint(world).map((finding) => placeOf(finding, files, locators));
}

function placeOf(
  finding: Finding,
  files: readonly SourceFile[],
  locators: ReturnType<typeof locatorsOf>,
): PlacedFinding {
  const [, kind, namespace, name] =
    /^(\w+)(?: \(Calico\))? (?:([^/]+)\/)?(.+)$/.exec(finding.object) ?? [];
  if (kind === undefined || name === undefined) return finding;
  const path =
    finding.rule === undefined ? '' : `spec.${finding.rule.direction}[${finding.rule.index}]`;
  for (const file of files) {
    const place = locators(file.path)?.object(
      { kind, name, ...(namespace && { namespace }) },
      path,
    );
    if (place !== undefined) return { ...finding, file: file.path, line: place.line };
  }
  return finding;
}
