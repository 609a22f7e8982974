import { spawnSync } from 'node:child_process';
import { parseIp } from '../../lib/model/address';
import type { FlowEnd } from '../../lib/model/flow';
import { proveRecommendation } from '../../lib/proof/recommend-proof';
import { createEngine } from '../../lib/reach/engine';
import type { PolicyObject } from '../../lib/recommend/objects';
import { recommend } from '../../lib/recommend/recommend';
import { readRecords, seenFlows } from '../../lib/records/open/read';
import { worldOf } from '../build/world-of';
import { describeUnless } from '../skip';
import {
  type Built,
  build,
  type Call,
  callIn,
  homeOf,
  type Placed,
  type Port,
} from './application';
import { APPLICATIONS, type Application } from './applications';

/**
 * Policies recommended from records of whole applications, judged by our engine and by the Kubernetes network policy
 * group's own implementation (kube-network-policies v0.8.0): over all pods and addresses and all ports, declared,
 * seen and two that nobody has, both must allow exactly the calls that were seen.
 */

const NUMBERS: Readonly<Record<string, number>> = { TCP: 6, UDP: 17, SCTP: 132 };

/** Ends of a call: the pods of its workload, or the address. */
const endsOf = ({ pods }: Built, end: string): readonly (Placed | string)[] => {
  const own = pods.filter(({ workload }) => workload === end);
  return own.length > 0 ? own : [end];
};
const addressOf = (end: Placed | string): string => (typeof end === 'string' ? end : end.address);

/** A VPC flow log of it: requests and replies of three connections, version 2. */
function vpcLog(built: Built): string {
  const lines = built.calls.flatMap((call) =>
    pairsOf(built, call).flatMap(([from, to]) =>
      [0, 1, 2].flatMap((i) => {
        const client = 40_001 + i * 13;
        const tail = `${NUMBERS[call.protocol]} 9 900 1796029800 1796029860 ACCEPT OK`;
        return [
          `2 123456789010 eni-1 ${from} ${to} ${client} ${call.port} ${tail}`,
          `2 123456789010 eni-1 ${to} ${from} ${call.port} ${client} ${tail}`,
        ];
      }),
    ),
  );
  return lines.join('\n');
}

/** Whisker's stream of it: a line an end and workload. */
function whiskerStream(built: Built): string {
  const party = (end: string, side: string): object => {
    const pod = built.pods.find(({ workload }) => workload === end);
    const address = pod?.manifest.spec.hostNetwork ? pod.address : end;
    return {
      [`${side}_name`]: pod === undefined || address !== end ? address : pod.sharedName,
      [`${side}_namespace`]:
        pod === undefined || address !== end ? '-' : pod.manifest.metadata.namespace,
    };
  };
  return built.calls
    .flatMap(({ from, to, protocol, port }) =>
      ['Src', 'Dst'].map((reporter) => ({
        start_time: '2026-11-30T10:00:00Z',
        action: 'Allow',
        ...party(from, 'source'),
        ...party(to, 'dest'),
        protocol: protocol.toLowerCase(),
        dest_port: port,
        reporter,
      })),
    )
    .map((line) => `data: ${JSON.stringify(line)}\n\n`)
    .join('');
}

const pairsOf = (
  built: Built,
  { from, to }: Pick<Call, 'from' | 'to'>,
): readonly (readonly [string, string])[] =>
  endsOf(built, from).flatMap((source) =>
    endsOf(built, to)
      .filter((target) => addressOf(target) !== addressOf(source))
      .map((target) => [addressOf(source), addressOf(target)] as const),
  );

interface Asked extends Port {
  readonly from: string;
  readonly to: string;
}

const textOf = ({ from, to, protocol, port }: Asked): string =>
  `${from} > ${to} ${protocol} ${port}`;

/** Every pod and every address that called or was called, with every port; no two addresses outside. */
function askedOf(built: Built): readonly Asked[] {
  const inner = built.pods.filter(({ manifest }) => !manifest.spec.hostNetwork);
  const own = new Set(inner.map(({ address }) => address));
  const called = built.calls.flatMap((call) => pairsOf(built, call).flat());
  const all = [...new Set([...own, ...called])];
  return all.flatMap((from) =>
    all
      .filter((to) => to !== from && (own.has(from) || own.has(to)))
      .flatMap((to) => built.ports.map((port) => ({ from, to, ...port }))),
  );
}

/** What has to be open: the calls seen, lookups by TCP too, calls of one node for the pods that it runs. */
function wantedOf(built: Built, { more = [] }: Application, home: string): ReadonlySet<string> {
  const calls = [...built.calls, ...more.map((line) => callIn(line, home))];
  const all = calls.flatMap((call) =>
    pairsOf(built, call).flatMap(([from, to]) => {
      const one = { from, to, protocol: call.protocol, port: call.port };
      return call.port === 53 && call.protocol === 'UDP'
        ? [one, { ...one, protocol: 'TCP' as const }]
        : [one];
    }),
  );
  return new Set(all.map(textOf));
}

/** Namespaces that are not the application's to police are left out of the question. */
const isPoliced = (built: Built, { from, to }: Asked): boolean => {
  const place = (address: string): string | undefined =>
    built.pods.find((one) => one.address === address)?.manifest.metadata.namespace;
  return [from, to].some((end) => place(end) !== undefined && place(end) !== 'kube-system');
};

interface Judged {
  readonly built: Built;
  readonly policies: readonly PolicyObject[];
  readonly asked: readonly Asked[];
  readonly wanted: ReadonlySet<string>;
  readonly own: readonly string[];
  readonly nextDeploy: { readonly cut: readonly string[]; readonly opened: readonly string[] };
}

function judge(application: Application, log: string): Judged {
  const built = build(application);
  const { before = [] } = application;
  const manifests = [
    ...built.namespaces,
    ...built.nodes,
    ...built.pods.map(({ manifest }) => manifest),
    ...before,
  ];
  const world = worldOf(manifests);
  const reading = readRecords({ path: 'log', text: log }, world);
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems));
  const seen = seenFlows(reading.value);
  const { policies } = recommend(world, seen, 'enforced');
  const closed = worldOf([...manifests, ...policies]);
  const engine = createEngine(closed, { staged: 'as-written' });
  const pods = new Map(
    built.pods
      .filter(({ manifest }) => !manifest.spec.hostNetwork)
      .map(({ address, manifest: { metadata } }) => [
        address,
        { kind: 'pod', ...metadata } as const,
      ]),
  );
  const end = (text: string): FlowEnd => {
    const pod = pods.get(text);
    if (pod !== undefined) return { kind: 'pod', namespace: pod.namespace, name: pod.name };
    if (text === '10.0.0.1') return { kind: 'node', name: 'host' };
    const address = parseIp(text);
    if (address === undefined) throw new Error(`${text} is no address`);
    return { kind: 'ip', address };
  };
  const asked = askedOf(built).filter((one) => isPoliced(built, one));
  return {
    built,
    policies,
    asked,
    wanted: wantedOf(built, application, homeOf(application.name)),
    own: asked
      .filter(({ from, to, protocol, port }) => {
        return (
          engine.explain({ from: end(from), to: end(to), protocol, port }).verdict === 'allowed'
        );
      })
      .map(textOf),
    nextDeploy: proveRecommendation(closed, seen, policies).nextDeploy,
  };
}

const { ORACLE, NO_ORACLE } = process.env;

/** The open ones, as the oracle says. */
function oracleOpen(
  { built, policies, asked }: Judged,
  { before = [] }: Application,
): readonly string[] {
  const Pods = built.pods
    .filter(({ manifest }) => !manifest.spec.hostNetwork)
    .map(({ manifest }) => manifest);
  const world = {
    Namespaces: built.namespaces,
    Pods,
    Policies: [...policies, ...before],
    Admin: [],
    Baseline: [],
  };
  const Flows = asked.map(({ from, to, protocol, port }) => ({
    From: from,
    To: to,
    Protocol: protocol,
    Port: port,
  }));
  const input = JSON.stringify({ ...world, Flows });
  const ran = spawnSync(ORACLE ?? '', { input, encoding: 'utf8', maxBuffer: 1 << 30 });
  expect([ran.status, ran.error]).toEqual([0, undefined]);
  const answers = ran.stdout.trim();
  expect(answers).toHaveLength(asked.length);
  return asked.filter((_, i) => answers[i] === '.').map(textOf);
}

const CASES = APPLICATIONS.flatMap((application) =>
  [
    { format: 'a VPC flow log', log: vpcLog },
    { format: 'Whisker’s stream', log: whiskerStream },
  ].map((one) => ({ ...one, application, name: application.name })),
);

const missing = ORACLE === undefined ? (NO_ORACLE ?? 'the oracle is not built') : undefined;

describeUnless(missing)('recommended from records', () => {
  let flows = 0;
  afterAll(() =>
    console.log(
      `${CASES.length} sets of ${APPLICATIONS.length} applications, ${flows} flows asked of each engine`,
    ),
  );

  test.each(CASES)(
    '$name, from $format: both engines allow exactly what was seen',
    ({ application, log }) => {
      const judged = judge(application, log(build(application)));
      const wanted = [...judged.wanted].sort();
      expect([...judged.own].sort()).toEqual(wanted);
      expect([...oracleOpen(judged, application)].sort()).toEqual(wanted);
      expect(judged.nextDeploy).toEqual({ cut: [], opened: [] });
      flows += judged.asked.length;
    },
  );
});
