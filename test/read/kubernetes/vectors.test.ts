import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { readWorld } from '../../../lib/read/world';
import { describeUnless, foreignVectors, lacksVectors } from '../../skip';

/**
 * Objects with one edit, judged by Kubernetes v1.35.4 itself (decoding, defaults, validation). They
 * are no part of the project: the test runs where they lie beside it.
 */
const VECTORS = 'kubernetes-objects.jsonl.gz';

interface Judged {
  readonly object: object;
  readonly accepted: boolean;
  readonly path: string;
  readonly edit: string;
}

/** Valid objects that are refused, each with its reason. */
const REFUSED: readonly (readonly [path: RegExp, reason: string])[] = [
  [/\.nodePort$|healthCheckNodePort$/, 'the allocator refuses what is outside of 30000-32767'],
  [/backend\.service\.port\.name$|^cross$/, 'Ingress: a port of 0 or without a name'],
  [/paths\[\d+\]\.path$/, 'Ingress: a path with wildcards, which this data plane does not serve'],
  [/except\[1\]$/, 'an IPv4 block in IPv6 letters takes away the whole of its ipBlock'],
];

/** Places that decide verdicts: what is wrong there is never read without a word. */
const READ: readonly RegExp[] = [
  /^metadata\.(name|namespace|labels|annotations)/,
  /^spec\.(podSelector|ingress|egress|policyTypes|type|ports|clusterIPs?|ipFamil|external)/,
  /^spec\.(sessionAffinity|internalTrafficPolicy|loadBalancer(Class|SourceRanges)|healthCheck)/,
  /^(addressType|ports|endpoints\[\d+\]\.(addresses|conditions|nodeName))/,
  /(^|\.)(containers|initContainers)\[\d+\]\.(ports|restartPolicy$)/,
  /(^|\.)spec\.(replicas|schedule|hostNetwork|nodeSelector)$/,
  /(^|\.)spec\.(serviceAccountName|serviceAccount|restartPolicy)$/,
  /(^|\.)template\.metadata\.labels/,
];

/** Go's decoder wants 80 where JSON has 80.0; the two mean the same port. */
const isFraction = ({ edit }: Judged): boolean => /^=\d+\.0$/.test(edit);

const answer = (object: object): 'refused' | 'remark' | 'read' => {
  const reading = readWorld({ manifests: [{ path: 'm.json', text: JSON.stringify(object) }] });
  if (reading.kind === 'problems') return 'refused';
  return reading.warnings.length > 0 ? 'remark' : 'read';
};

const answers = (): readonly (Judged & { readonly answer: ReturnType<typeof answer> })[] =>
  gunzipSync(readFileSync(foreignVectors(VECTORS)))
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Judged => JSON.parse(line))
    .map((row) => ({ ...row, answer: answer(row.object) }));

const judged = describeUnless(lacksVectors(VECTORS));

judged('objects that Kubernetes 1.35.4 judged', () => {
  const rows = once(answers);
  const named = ({ path, edit }: Judged) => `${path} ${edit}`;

  test('valid ones are read', () => {
    const refused = rows().filter((row) => row.accepted && row.answer === 'refused');
    const open = refused.filter(({ path }) => !REFUSED.some(([known]) => known.test(path)));
    expect(open.map(named)).toEqual([]);
  });

  test('invalid ones are not read without a word where a verdict depends on it', () => {
    const silent = rows().filter((row) => !row.accepted && row.answer === 'read');
    const deciding = silent.filter((row) => READ.some((place) => place.test(row.path)));
    expect(deciding.filter((row) => !isFraction(row)).map(named)).toEqual([]);
  });
});

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
