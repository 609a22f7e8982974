import {
  answered,
  type HttpResult,
  missing,
  type ResolvedName,
  type TargetAnswer,
} from '../../checks/target';
import { type DistributionCheck, type EndName, type HttpCheck, parseTarget } from '../../lab/check';
import { type NameScope, podsOf, resolveEnd } from '../../lab/resolve';
import { addressOfHost } from './doors';
import { addressesOf, destinationOf, sourceOf } from './ends';
import { execute, type PodCommandResult } from './execute';
import type { ClusterTargetOptions } from './types';

const PODS = 'kubectl get pods -A';

/** Runs a command in the first pod behind a name, with tools that every workload's image has. */
async function inPod(
  from: EndName,
  command: readonly string[],
  { cluster, view }: ClusterTargetOptions,
): Promise<TargetAnswer<PodCommandResult>> {
  const [end] = resolveEnd(from, view.scope);
  if (end === undefined) return missing(`no pod has the name ${from}`, PODS);
  const source = await sourceOf(cluster, end);
  if (source.kind === 'missing') return missing(source.reason, PODS);
  if (source.kind === 'cannot') return { kind: 'elsewhere', reason: source.reason };
  return answered(await execute(cluster, source.value, command));
}

/** What a name resolves to inside a pod, with its own search list and ndots (dig +search). */
export async function resolveFrom(
  { from, name }: { readonly from: EndName; readonly name: string },
  options: ClusterTargetOptions,
): Promise<TargetAnswer<ResolvedName>> {
  const command = ['dig', '+search', '+tries=1', '+time=2', '+noall', '+comments', '+answer', name];
  const ended = await inPod(from, command, options);
  if (ended.kind !== 'answered') return ended;
  return answered({ ...readDig(ended.value), look: `lab exec ${from} -- dig +search ${name}` });
}

/** Reads dig's comments and answers: the status line of a reply, or why there was none (dig(1)). */
function readDig({ stdout, stderr }: PodCommandResult): Omit<ResolvedName, 'look'> {
  const records = stdout
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith(';'))
    .map((line) => line.trim().split(/\s+/));
  const values = (type: string) => records.filter((r) => r[3] === type).map((r) => r[4] ?? '');
  const aliases = values('CNAME').map((alias) => alias.replace(/\.$/, ''));
  const addresses = [...values('A'), ...values('AAAA')].sort();
  const found = [...aliases.map((alias) => `alias of ${alias}`), ...addresses];
  if (found.length > 0) {
    return { kind: 'resolved', addresses, aliases, saw: found.join(' ') };
  }
  const [kind, saw] = withoutRecords(stdout, stderr);
  return { kind, addresses, aliases, saw };
}

function withoutRecords(
  stdout: string,
  stderr: string,
): readonly [kind: ResolvedName['kind'], saw: string] {
  if (/status: (NXDOMAIN|NOERROR)/.test(stdout)) return ['no-name', 'no such name'];
  if (/timed out|no servers could be reached/.test(stdout)) return ['no-answer', 'no answer'];
  const [, status] = /status: (\w+)/.exec(stdout) ?? [];
  return ['failed', status ?? (stderr.trim() || 'dig printed no reply')];
}

/** The addresses behind a name, as the API server has them now. */
export async function addressesIn(
  name: EndName,
  { cluster, view }: ClusterTargetOptions,
): Promise<readonly string[]> {
  const ends = resolveEnd(name, view.scope);
  return (await Promise.all(ends.map((end) => addressesOf(cluster, end)))).flat();
}

/**
 * Exit codes of curl that mean the connection was refused, cut or not answered in time (curl(1): 7
 * could not connect, 28 timed out, 35 TLS handshake failed, 52 empty reply, 55 and 56 connection cut).
 * Others, such as 6 for a name that does not resolve, say nothing about who may connect.
 */
const CURL_REFUSED: readonly number[] = [7, 28, 35, 52, 55, 56];

/** One HTTP request from inside a pod. */
export async function requestHttp(
  check: HttpCheck,
  options: ClusterTargetOptions,
): Promise<TargetAnswer<HttpResult>> {
  const headers = Object.entries(check.headers ?? {}).flatMap(([k, v]) => ['-H', `${k}: ${v}`]);
  const asked = check.door ?? new URL(check.url).hostname;
  const address = (await addressOfHost(options.cluster, asked)) ?? check.door;
  // curl: --connect-to HOST1:PORT1:HOST2:PORT2, where what is empty stands for any or the same.
  const door = address === undefined ? [] : ['--connect-to', `::${address}:`];
  const command = ['curl', '-sk', '--max-time', '5', '-w', '\\n%{http_code}', ...door, ...headers];
  const ended = await inPod(check.from, [...command, check.url], options);
  if (ended.kind !== 'answered') return ended;
  const { exitCode, stdout } = ended.value;
  const lines = stdout.split('\n');
  const status = Number(lines.at(-1));
  const body = lines.slice(0, -1).join('\n').trim();
  if (status > 0) return answered({ kind: 'answered', status, body });
  const why = `no answer (curl: ${exitCode})`;
  const kind = CURL_REFUSED.includes(exitCode) ? 'refused' : 'not-made';
  return answered<HttpResult>({ kind, why });
}

/** Many requests, a connection each; the pod's name that each was answered with. */
export async function requestMany(
  check: DistributionCheck,
  options: ClusterTargetOptions,
): Promise<TargetAnswer<readonly string[]>> {
  const { end, port } = parseTarget(check.to);
  const [to] = resolveEnd(end, options.view.scope);
  const [from] = resolveEnd(check.from, options.view.scope);
  if (to === undefined || from === undefined) {
    return missing(`no pod has the name ${check.from} or ${check.to}`, PODS);
  }
  const found = await destinationOf(options.cluster, { from, to, protocol: 'TCP', port });
  if (found.kind !== 'found') return missing(found.reason, PODS);
  const url = `http://${found.value}/hostname?[1-${check.requests}]`;
  const command = ['curl', '-s', '--max-time', '60', '-H', 'Connection: close', '-w', '\\n', url];
  const ended = await inPod(check.from, command, options);
  if (ended.kind !== 'answered') return ended;
  return answered(ended.value.stdout.split('\n').filter(Boolean));
}

/** A pod says its own name; a workload's pods carry its name before their random ends. */
export function namesPodOf(text: string, name: EndName, scope: NameScope): boolean {
  const own = name.split('/').at(-1) ?? name;
  const isWorkload = podsOf(name, scope).some((pod) => pod.workload.endsWith(`/${own}`));
  return text.includes(own) && (!isWorkload || new RegExp(`(^|\\W)${own}-`).test(text));
}
