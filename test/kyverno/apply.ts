import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { synthesizeStage } from '../../charts';
import { manifestsIn } from '../labs/lab-worlds';
import { kyverno } from './install';

/** What Kyverno's engine says of one object. */
export interface Admission {
  /** Messages of the rules that it breaks; none where it is let in. */
  readonly refused: readonly string[];
  /** Objects that rules generated, or the object as rules completed it. */
  readonly made: readonly Made[];
}

interface Made {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: unknown;
}

/** The policies of a stage of `gov-1-kyverno`, as it synthesizes them. */
const policiesOf = (stage: string): readonly object[] =>
  manifestsIn(synthesizeStage('gov-1-kyverno', stage, 'alone')).filter(
    ({ kind }) => kind === 'ClusterPolicy',
  );

/** Asks Kyverno's engine what a stage's policies make of an object. */
export function admit(stage: string, manifest: string): Admission {
  const folder = mkdtempSync(join(tmpdir(), 'kyverno-'));
  try {
    const policies = join(folder, 'policies.yaml');
    const object = join(folder, 'object.yaml');
    writeFileSync(
      policies,
      policiesOf(stage)
        .map((one) => stringify(one))
        .join('---\n'),
    );
    writeFileSync(object, manifest);
    const run = (...args: readonly string[]): string =>
      ran(['apply', policies, '-r', object, ...args]);
    return {
      refused: messagesIn(run('--policy-report', '--output-format', 'json')),
      made: objectsIn(run()),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Exit code 1 says that a rule is broken, which is an answer. */
function ran(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(kyverno, args, {
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (status === 0 || status === 1) return stdout;
  throw new Error(`kyverno ${args.join(' ')} ended with ${status}: ${stderr}`);
}

interface Result {
  readonly result: string;
  readonly message: string;
}

/** The report is JSON at the end of a line that may begin with other words; without rules there is none. */
function messagesIn(stdout: string): readonly string[] {
  const at = stdout.indexOf('{"kind":"ClusterReport"');
  if (at === -1) return [];
  const { results = [] } = JSON.parse(stdout.slice(at)) as { readonly results?: readonly Result[] };
  return results.filter(({ result }) => result === 'fail').map(({ message }) => message);
}

/** Objects stand between `policy ... applied to ...:` and `---`. */
const objectsIn = (stdout: string): readonly Made[] =>
  [...stdout.matchAll(/^policy .* applied to .*:\n([\s\S]*?)\n---$/gm)].flatMap(([, text = '']) =>
    parseAllDocuments(text).map((document) => document.toJS() as Made),
  );
