import {
  type DistributionCheck,
  type DnsCheck,
  type EndName,
  type HttpCheck,
  parseTarget,
} from '../lab/check';
import { type CheckResult, right, wrong } from '../lab/check-result';
import { podsOf, resolveEnd } from '../lab/resolve';
import type { CheckContext } from './check';
import { addressesOf, destinationOf, sourceOf } from './ends';
import { type Ended, execute } from './execute';

/** A command in the first pod behind a name, with tools that every workload's image has. */
async function inPod(
  from: EndName,
  command: readonly string[],
  { cluster, scope }: CheckContext,
): Promise<Ended | string> {
  const [end] = resolveEnd(from, scope);
  if (end === undefined) return `no pod stands behind ${from}`;
  const source = await sourceOf(cluster, end);
  if (source.kind === 'missing') return source.reason;
  return execute(cluster, source.value, command);
}

/** What a name resolves to inside a pod, with its own search list and ndots (dig +search). */
export async function checkDns(check: DnsCheck, context: CheckContext): Promise<CheckResult> {
  const command = ['dig', '+search', '+tries=1', '+time=2', '+noall', '+comments', '+answer'];
  const ended = await inPod(check.from, [...command, check.name], context);
  const look = `lab exec ${check.from} -- dig +search ${check.name}`;
  if (typeof ended === 'string') return wrong(check, { saw: ended, means: 'nothing to ask', look });
  const saw = answerOf(ended);
  const expected = await expectedAnswer(check, context);
  return saw === expected
    ? right(check, saw)
    : wrong(check, { saw, means: `expected: ${expected}`, look });
}

/** Addresses in order, the alias, or why there are none: one line for each way to answer. */
function answerOf({ stdout }: Ended): string {
  const records = stdout
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith(';'))
    .map((line) => line.trim().split(/\s+/));
  const values = (type: string) => records.filter((r) => r[3] === type).map((r) => r[4] ?? '');
  const [alias] = values('CNAME');
  if (alias !== undefined) return `alias of ${alias.replace(/\.$/, '')}`;
  const addresses = [...values('A'), ...values('AAAA')].sort();
  if (addresses.length > 0) return addresses.join(' ');
  return /status: (NXDOMAIN|NOERROR)/.test(stdout) ? 'no such name' : 'no answer';
}

async function expectedAnswer({ expect }: DnsCheck, context: CheckContext): Promise<string> {
  switch (expect.kind) {
    case 'alias':
      return `alias of ${expect.target.replace(/\.$/, '')}`;
    case 'no-such-name':
      return 'no such name';
    case 'no-answer':
      return 'no answer';
    case 'addresses-of': {
      const ends = expect.ends.flatMap((name) => resolveEnd(name, context.scope));
      const found = await Promise.all(ends.map((end) => addressesOf(context.cluster, end)));
      return found.flat().sort().join(' ');
    }
  }
}

/** One HTTP request from inside a pod, by the status that came back and, where asked, by whom. */
export async function checkHttp(check: HttpCheck, context: CheckContext): Promise<CheckResult> {
  const headers = Object.entries(check.headers ?? {}).flatMap(([k, v]) => ['-H', `${k}: ${v}`]);
  // curl: --connect-to HOST1:PORT1:HOST2:PORT2, where what is empty stands for any or the same.
  const door = check.door === undefined ? [] : ['--connect-to', `::${check.door}:`];
  const command = ['curl', '-sk', '--max-time', '5', '-w', '\\n%{http_code}', ...door, ...headers];
  const ended = await inPod(check.from, [...command, check.url], context);
  const look = `lab exec ${check.from} -- curl -vk ${check.url}`;
  if (typeof ended === 'string') return wrong(check, { saw: ended, means: 'nothing to ask', look });
  const lines = ended.stdout.split('\n');
  const status = Number(lines.at(-1));
  const body = lines.slice(0, -1).join('\n').trim();
  const saw =
    status === 0 ? `no answer (curl: ${ended.exitCode})` : `${status} ${body.slice(0, 80)}`;
  const { expect } = check;
  if (expect.kind === 'refused') {
    const refused = status === 0 || status === 403;
    return refused ? right(check, saw) : wrong(check, { saw, means: 'it was let through', look });
  }
  const isBy = expect.by === undefined || namesPodOf(body, expect.by, context);
  if (status === expect.status && isBy) return right(check, saw);
  const by = expect.by === undefined ? '' : ` by ${expect.by}`;
  return wrong(check, { saw, means: `expected ${expect.status}${by}`, look });
}

/** How answers spread: many requests, a connection each, counted by the name that answered. */
export async function checkDistribution(
  check: DistributionCheck,
  context: CheckContext,
): Promise<CheckResult> {
  const { end, port } = parseTarget(check.to);
  const look = `lab explain ${check.from} ${check.to}`;
  const [to] = resolveEnd(end, context.scope);
  const from = resolveEnd(check.from, context.scope)[0];
  if (to === undefined || from === undefined) {
    return wrong(check, { saw: 'nothing to try', means: 'a name stands for nothing', look });
  }
  const found = await destinationOf(context.cluster, { from, to, protocol: 'TCP', port });
  if (found.kind === 'missing') {
    return wrong(check, { saw: found.reason, means: 'nothing to try', look });
  }
  const url = `http://${found.value}/hostname?[1-${check.requests}]`;
  const command = ['curl', '-s', '--max-time', '60', '-H', 'Connection: close', '-w', '\\n', url];
  const ended = await inPod(check.from, command, context);
  if (typeof ended === 'string') return wrong(check, { saw: ended, means: 'nothing to ask', look });
  return judgeShares(check, ended.stdout.split('\n').filter(Boolean), context);
}

function judgeShares(
  check: DistributionCheck,
  names: readonly string[],
  context: CheckContext,
): CheckResult {
  const shares = Object.entries(check.shares).map(([name, bounds]) => {
    const count = names.filter((answered) => namesPodOf(answered, name, context)).length;
    return { name, bounds, share: count / check.requests };
  });
  const saw = shares.map(({ name, share }) => `${name} ${Math.round(share * 100)} %`).join(', ');
  const off = shares.find(({ share, bounds }) => share < bounds.min || share > bounds.max);
  if (off === undefined) return right(check, saw);
  const { min, max } = off.bounds;
  const means = `${off.name} should have ${min * 100} to ${max * 100} %`;
  return wrong(check, { saw, means, look: `lab explain ${check.from} ${check.to}` });
}

/** A pod says its own name; a workload's pods carry its name before their random ends. */
function namesPodOf(answered: string, name: EndName, { scope }: CheckContext): boolean {
  const own = name.split('/').at(-1) ?? name;
  const isWorkload = podsOf(name, scope).some((pod) => pod.workload.endsWith(`/${own}`));
  return answered.includes(own) && (!isWorkload || new RegExp(`(^|\\W)${own}-`).test(answered));
}
