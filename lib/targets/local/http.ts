import { type HttpResult, missing, notHere, type TargetAnswer } from '../../checks/target';
import { netnsOf } from '../../dataplane/commands/names';
import { httpFrontends } from '../../dataplane/servers/http-frontends';
import type { HttpCheck } from '../../lab/check';
import type { NameScope } from '../../lab/resolve';
import { type Ip, parseIp } from '../../model/address';
import type { Endpoint } from '../../model/world';
import type { Sandbox } from '../../runtime/sandbox/sandbox';
import { endpointsOf } from './endpoints';

/** Silence that counts as no answer, in milliseconds: a proxy waits a second for its own backend. */
const SILENCE_MS = 2_000;
/** Silence from a DNS server that counts as no answer, in milliseconds. */
const DNS_SILENCE_MS = 300;

/**
 * Makes the request from inside the first endpoint of the check's `from`: its DNS says where to, and
 * a real connection goes there.
 */
export async function requestHttp(
  check: HttpCheck,
  sandbox: Sandbox,
  scope: NameScope,
): Promise<TargetAnswer<HttpResult>> {
  const url = new URL(check.url);
  const host = check.door ?? url.hostname;
  if (!isServedHere(host, scope)) {
    return notHere(`no proxy on this machine serves HTTP for ${host}`);
  }
  const [from] = endpointsOf(check.from, scope);
  if (from === undefined) return missing(`no pod has the name ${check.from}`, 'lab matrix');
  const address = await resolveHost(host, from, sandbox);
  if (address === undefined) return notMade(`the name ${host} has no address`);
  const isTls = url.protocol === 'https:';
  const answer = await sandbox.askHttp({
    netns: netnsOf(from),
    address,
    port: Number(url.port) || (isTls ? 443 : 80),
    protocol: isTls ? 'HTTPS' : 'HTTP',
    host: url.host,
    path: `${url.pathname}${url.search}`,
    headers: check.headers ?? {},
    timeoutMs: SILENCE_MS,
  });
  const value: HttpResult =
    answer.kind === 'silent' ? { kind: 'refused', why: answer.why } : answer;
  return { kind: 'answered', value };
}

const notMade = (why: string): TargetAnswer<HttpResult> => ({
  kind: 'answered',
  value: { kind: 'not-made', why },
});

/** Whether a proxy runs on this machine, or the host is a server outside the cluster. */
const isServedHere = (host: string, { world }: NameScope): boolean =>
  httpFrontends(world).length > 0 || world.outside.some(({ name }) => name === host);

async function resolveHost(
  name: string,
  from: Endpoint,
  sandbox: Sandbox,
): Promise<Ip | undefined> {
  const literal = parseIp(name);
  if (literal !== undefined) return literal;
  const lookups = await sandbox.resolve({
    netns: netnsOf(from),
    name,
    type: 'A',
    timeoutMs: DNS_SILENCE_MS,
  });
  const last = lookups.at(-1);
  const records = last?.kind === 'answered' ? last.records : [];
  return records.map(({ data }) => parseIp(data)).find((address) => address !== undefined);
}
