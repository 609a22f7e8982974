import { formatEnd } from '../model/flow';
import type { Problem, Reading, SourceFile } from '../model/problem';
import type { World } from '../model/world';
import { createEnds } from './ends';
import { answerReader, calicoReader, jsonLines } from './read-json';
import { readVpcLines } from './read-vpc';
import type { FlowRecord, RecordFormat } from './record';
import type { Lines, Sighting } from './sighting';

/**
 * Reads flow records of any known format: answers of `lab predict`, `probe` or `compare`, Calico's
 * flow logs, or VPC flow logs (with a header line of field names, AWS's default fields, or in the
 * network stack's order).
 *
 * What several places say of one connection becomes one record: it was let through where nobody
 * refused it. All problems together; replies belong to the connection they answer, and what nobody
 * logged (NODATA, SKIPDATA) says nothing.
 */
export function readRecords(file: SourceFile, world: World): Reading<readonly FlowRecord[]> {
  const problems: Problem[] = [];
  const leftOut = new Map<string, Problem>();
  const lines: Lines = {
    all: file.text.split('\n').map((line) => line.trim()),
    complain: (document, { problem, fix }) =>
      problems.push({ file: file.path, document, path: '', problem, fix }),
    leaveOut: (document, { problem, fix }) => {
      if (leftOut.has(problem)) return;
      leftOut.set(problem, { file: file.path, document, path: '', problem, fix });
    },
  };
  const sightings = READERS[formatOf(lines.all)](lines, world);
  if (problems.length > 0) return { kind: 'problems', problems };
  return { kind: 'read', value: join(sightings), warnings: [...leftOut.values()], skipped: {} };
}

const READERS: Readonly<Record<RecordFormat, (lines: Lines, world: World) => readonly Sighting[]>> =
  {
    answers: (lines, world) => jsonLines(lines, answerReader(world)),
    calico: (lines, world) => jsonLines(lines, calicoReader(createEnds(world))),
    vpc: (lines, world) => readVpcLines(lines, createEnds(world)),
  };

function formatOf(lines: readonly string[]): RecordFormat {
  const first = lines.find((line) => line !== '') ?? '';
  if (!first.startsWith('{')) return 'vpc';
  return first.includes('"source_name"') ? 'calico' : 'answers';
}

/** One record a flow and action, in the order first seen. */
function join(sightings: readonly Sighting[]): readonly FlowRecord[] {
  const refused = new Set(
    sightings.filter(({ action }) => action === 'deny').map(({ connection }) => connection),
  );
  const records = sightings.map(({ flow, connection }): FlowRecord => {
    return { flow, action: refused.has(connection) ? 'deny' : 'allow' };
  });
  return [...new Map(records.map((record) => [keyOf(record), record])).values()];
}

const keyOf = ({ flow: { from, to, protocol, port }, action }: FlowRecord): string =>
  `${formatEnd(from)} ${formatEnd(to)} ${protocol} ${port} ${action}`;
