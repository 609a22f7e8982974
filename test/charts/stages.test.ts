import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chartedLabs, stagesOf, synthesizeStage } from '../../charts';
import { readWorld } from '../../lib/read/world';
import { manifestsIn } from '../labs/lab-worlds';

/** Kinds that are not about the packets this project judges; everything else must be read strictly. */
const ELSEWHERE = [
  'AuthorizationPolicy',
  'BGPConfiguration',
  'BGPPeer',
  'ClusterPolicy',
  'DestinationRule',
  'FelixConfiguration',
  'IPPool',
  'PeerAuthentication',
  'VirtualService',
];

const all = chartedLabs.flatMap((lab) => stagesOf(lab).map((stage) => ({ lab, stage })));

describe.each(all)('$lab, stage $stage', ({ lab, stage }) => {
  const text = synthesizeStage(lab, stage);
  const objects = manifestsIn(text);

  test('is what it was when a person last read it', () => {
    const golden = join(__dirname, '../golden/charts', lab, `${stage}.k8s.yaml`);
    expect(existsSync(golden)).toBe(true);
    expect(text).toBe(readFileSync(golden, 'utf8'));
  });

  test('names each object by hand, once, and brings each namespace before what lives in it', () => {
    const names = objects.map(
      ({ apiVersion, kind, metadata }) =>
        `${apiVersion} ${kind} ${metadata.namespace ?? ''}/${metadata.name}`,
    );
    expect(new Set(names).size).toBe(names.length);
    for (const [index, { metadata }] of objects.entries()) {
      if (metadata.namespace === undefined || metadata.namespace === 'default') continue;
      const at = objects.findIndex(
        (each) => each.kind === 'Namespace' && each.metadata.name === metadata.namespace,
      );
      expect({ object: metadata, found: at !== -1 && at < index }).toEqual({
        object: metadata,
        found: true,
      });
    }
  });

  test.each(['alone', 'with-cluster'] as const)(
    '%s, has no field that a strict reader does not know',
    (surroundings) => {
      const manifests = [{ path: stage, text: synthesizeStage(lab, stage, surroundings) }];
      const reading = readWorld({ manifests });
      if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems, null, 2));
      expect(reading.warnings).toEqual([]);
      const unknown = Object.keys(reading.skipped).filter((kind) => !ELSEWHERE.includes(kind));
      expect(unknown).toEqual([]);
    },
  );

  test('holds no value that was lost on the way, and no label that cdk8s invented', () => {
    expect(text).not.toMatch(/: (null|undefined|NaN|\[object Object\])$/m);
    expect(text).not.toContain('cdk8s.io/');
  });
});

test('alone, a stage holds nothing that every cluster already has', () => {
  const alone = synthesizeStage('k8s-5-network-policy', 'open', 'alone');
  expect(alone).not.toContain('kube-system');
  expect(synthesizeStage('k8s-5-network-policy', 'open').endsWith(alone)).toBe(true);
});

test('an unknown stage is refused with the known ones', () => {
  expect(() => synthesizeStage('k8s-5-network-policy', 'x')).toThrow(
    expect.objectContaining({
      code: 'unknown-stage',
      fix: 'use open or default-deny or dns or app',
    }),
  );
  expect(() => synthesizeStage('x', 'open')).toThrow(/no stage/);
});

test('`npx cdk8s synth` writes one file for each lab and stage', () => {
  const out = mkdtempSync(join(tmpdir(), 'charts-'));
  try {
    execFileSync('node', ['--import', 'tsx', 'bin/charts.ts'], {
      cwd: join(__dirname, '../..'),
      env: { ...process.env, CDK8S_OUTDIR: out },
    });
    for (const { lab, stage } of all)
      expect(readFileSync(join(out, lab, `${stage}.k8s.yaml`), 'utf8')).toBe(
        synthesizeStage(lab, stage, 'alone'),
      );
  } finally {
    rmSync(out, { recursive: true });
  }
});
