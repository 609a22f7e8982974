import type { FlowNote, RecordPlace, SeenFlow } from '../../model/flow-evidence';
import type { Problem, Reading, SourceFile } from '../../model/problem';
import type { World } from '../../model/world';
import { createCollector, type ServerPort } from '../collect';
import type { RecordRemark } from '../observation';
import type { FlowRecord } from '../record';
import { recordedWorld } from '../recorded-world';
import { recordsIn } from '../result';
import type { RecordFile } from './file-outcome';
import { type FileIntake, openIntake } from './intake';

/** How records are read. */
export interface ReadOptions {
  /** Field names of flow logs without a header line, as AWS writes a log format. */
  readonly logFormat?: string | undefined;
  /** Ports that are a server's where records do not tell who called. */
  readonly servers?: readonly ServerPort[] | undefined;
  /** Records before this time, in seconds since 1970, are left out. */
  readonly since?: number | undefined;
}

/** Everything that files of records gave. */
export interface RecordsRead {
  readonly records: readonly FlowRecord[];
  /** What records do not tell, each kind once with its count. */
  readonly notes: readonly FlowNote[];
  readonly files: readonly RecordFile[];
}

/** Reads files of records one after another, in bounded memory. */
export interface RecordsReader {
  readonly open: (path: string) => FileIntake;
  /** After the last file. */
  readonly result: () => RecordsRead;
}

/** Prepares a reader for records of one world. */
export function createRecordsReader(world: World, options: ReadOptions = {}): RecordsReader {
  const spoken = recordedWorld(world);
  const collector = createCollector(spoken, options.servers);
  const remarks = new Map<string, RemarkCount>();
  const files: RecordFile[] = [];
  const note = (remark: RecordRemark, place: RecordPlace): void => {
    const known = remarks.get(remark.kind);
    if (known === undefined) remarks.set(remark.kind, { ...remark, count: 1, example: place });
    else known.count += 1;
  };
  const sinkAt: Parameters<typeof openIntake>[1]['sinkAt'] = (place) => ({
    remark: (remark) => note(remark, place()),
    observe: (observation) => {
      const { start } = observation;
      if (options.since !== undefined && start === undefined) return note(NO_TIME, place());
      if (options.since !== undefined && Number(start) < options.since) {
        return note(TOO_OLD, place());
      }
      if (!collector.add(observation, place())) note(NO_ADDRESS, place());
    },
  });
  return {
    open: (path) => {
      const intake = openIntake(path, { world: spoken, logFormat: options.logFormat, sinkAt });
      return { ...intake, end: () => remember(files, intake.end()) };
    },
    result: () => {
      const { records, notes } = recordsIn(spoken, collector.collected());
      return { records, notes: [...remarks.values(), ...notes, ...vpcNotes(files)], files };
    },
  };
}

type RemarkCount = RecordRemark & { count: number; readonly example: RecordPlace };

function remember(files: RecordFile[], file: RecordFile): RecordFile {
  files.push(file);
  return file;
}

/** What a VPC's log never holds (VPC guide: it records what passes an interface). */
const vpcNotes = (files: readonly RecordFile[]): readonly FlowNote[] =>
  files.some(({ records }) => records['VPC flow log'] !== undefined) ? [SAME_NODE] : [];

const SAME_NODE: FlowNote = {
  kind: 'same-node',
  problem: 'a VPC flow log has no records of calls that stay on one node',
  fix: 'record those with lab flows, Calico or Hubble too, before you enforce',
};

const NO_TIME: RecordRemark = {
  kind: 'no-time',
  problem: 'records without a time are left out, because --since was given',
  fix: 'leave out --since for them',
};

const TOO_OLD: RecordRemark = {
  kind: 'too-old',
  problem: 'records before --since are left out',
  fix: 'nothing to do, or give an earlier time',
};

const NO_ADDRESS: RecordRemark = {
  kind: 'not-a-record',
  problem: 'records with an end that is not an IP address are left out',
  fix: 'write IPv4 or IPv6 addresses',
};

/**
 * Reads one text of records. All files and remarks come as warnings.
 *
 * Every form of `lib/records/forms` is read, also mixed. What several records say of one call becomes
 * one: for logs of policies a denial at either end counts before any allow. Lines that are no records
 * are counted, named and skipped; a text without any record is a problem.
 */
export function readRecords(
  file: SourceFile,
  world: World,
  options: ReadOptions = {},
): Reading<readonly FlowRecord[]> {
  const reader = createRecordsReader(world, options);
  const intake = reader.open(file.path);
  intake.text(file.text);
  intake.end();
  const read = reader.result();
  const problems = fileProblems(read.files);
  if (problems.length > 0) return { kind: 'problems', problems };
  return { kind: 'read', value: read.records, warnings: warningsOf(read), skipped: {} };
}

/** The flows that records show as allowed, each with what asks for it. */
export const seenFlows = (records: readonly FlowRecord[]): readonly SeenFlow[] =>
  records
    .filter(({ action }) => action === 'allow')
    .map(({ flow, evidence, isCalicoPublic }) => ({
      ...flow,
      evidence,
      ...(isCalicoPublic && { isCalicoPublic }),
    }));

/** Why files give nothing at all: each is named by what it is. */
export const fileProblems = (files: readonly RecordFile[]): readonly Problem[] =>
  files
    .filter(({ records }) => Object.keys(records).length === 0)
    .map(({ path, foreign, firstSkipped }): Problem => {
      const line = firstSkipped?.line ?? 0;
      const at = { file: path, document: Math.max(0, line - 1), path: '' };
      if (firstSkipped === undefined) {
        return { ...at, problem: 'the file is empty', fix: KNOWN_FORMS };
      }
      const problem =
        foreign === undefined
          ? `the file has no flow records (line ${line}: ${firstSkipped.problem})`
          : `this is ${foreign}: it has no flow records that lab reads`;
      return { ...at, problem, fix: KNOWN_FORMS };
    });

const KNOWN_FORMS =
  'give VPC or transit gateway flow logs, flows of Calico (Whisker, Goldmane, file logs) or Hubble (JSON), conntrack -L, or answers of lab; for a VPC flow log without a header line give --log-format';

/** Lines and values of files that are not records, a warning a file. */
export const skippedWarnings = (files: readonly RecordFile[]): readonly Problem[] =>
  files
    .filter(({ skipped, records }) => skipped > 0 && Object.keys(records).length > 0)
    .map(({ path, skipped, firstSkipped, foreign }): Problem => {
      const what = skipped === 1 ? '1 line or value is' : `${skipped} lines or values are`;
      const kind = foreign === undefined ? '' : ` (${foreign})`;
      const { line = 1, problem = '' } = firstSkipped ?? {};
      return {
        file: path,
        document: Math.max(0, line - 1),
        path: '',
        problem: `${what} not a flow record and skipped${kind}; the first is line ${line}: ${problem}`,
        fix: 'check that line; the other records are used',
      };
    });

/** Notes and skipped lines as warnings. */
const warningsOf = ({ notes, files }: RecordsRead): readonly Problem[] => [
  ...skippedWarnings(files),
  ...notes.map(
    ({ problem, fix, count, example }): Problem => ({
      file: example?.file ?? '',
      document: Math.max(0, (example?.line ?? 1) - 1),
      path: '',
      problem: count === undefined ? problem : `${problem} (${count})`,
      fix,
    }),
  ),
];
