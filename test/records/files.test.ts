import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { formatEnd } from '../../lib/model/flow';
import { readRecordFiles } from '../../lib/records/open/files';
import { createRecordsReader } from '../../lib/records/open/read';
import { node, pod } from '../build/manifests';
import { worldOf } from '../build/world-of';
import { HEADER, REQUEST } from './samples/vpc';

/**
 * Parquet files that pyarrow 26.0.1 wrote, with the columns and types of flow logs in Parquet (Athena guide,
 * "Create tables for flow logs in Apache Parquet format"): a call and its reply at a node's interface, whose
 * address stands in `srcaddr`, one window with NODATA and one with SKIPDATA.
 */
const WORLD = worldOf([
  node('n1', '10.0.1.10'),
  pod('shop/web', { ip: '10.0.1.101', labels: { app: 'web' } }),
  pod('shop/api', { ip: '10.0.1.102', labels: { app: 'api' } }),
]);

const file = (name: string): string => join(__dirname, 'files', name);

async function read(name: string) {
  const reader = createRecordsReader(WORLD);
  await readRecordFiles([{ path: file(name) }], reader);
  return reader.result();
}

test.each(['vpc-flow-log.gzip.parquet', 'vpc-flow-log.snappy.parquet'])(
  '%s: the packet’s addresses, empty columns, and windows without data',
  async (name) => {
    const { records, notes, files } = await read(name);
    expect(
      records.map(({ flow: { from, to, port }, action, evidence }) => ({
        call: `${action} ${formatEnd(from)} -> ${formatEnd(to)} ${port}`,
        records: evidence.records,
        firstSeen: evidence.firstSeen,
      })),
    ).toEqual([
      { call: 'allow shop/web -> shop/api 8080', records: 2, firstSeen: '2025-11-30T10:53:30Z' },
    ]);
    expect(notes.map(({ kind, count }) => ({ kind, count }))).toEqual([
      { kind: 'no-data', count: 1 },
      { kind: 'skipped-data', count: 1 },
      { kind: 'same-node', count: undefined },
    ]);
    expect(files).toMatchObject([{ records: { 'VPC flow log': 4 }, skipped: 0 }]);
  },
);

test('gzip with several members: every line counts', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'records-'));
  try {
    const path = join(folder, 'a.log.gz');
    const members = [`${HEADER}\n`, `${REQUEST}\n${REQUEST}\n`].map((text) => gzipSync(text));
    writeFileSync(path, Buffer.concat(members));
    const reader = createRecordsReader(WORLD);
    await readRecordFiles([{ path }], reader);
    const { records, files } = reader.result();
    expect(records.map(({ evidence }) => evidence.records)).toEqual([2]);
    expect(files).toMatchObject([{ records: { 'VPC flow log': 2, 'header line': 1 }, skipped: 0 }]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
