import { doorsOf } from '../../dataplane/doors';
import { netnsOf } from '../../dataplane/names';
import type { HttpCheck } from '../../lab/check';
import { type CheckResult, right, wrong } from '../../lab/check-result';
import type { Ip } from '../../model/address';
import { parseIp } from '../../model/address';
import type { Endpoint } from '../../model/world';
import type { HttpAnswer } from '../../runtime/http-ask';
import { type CheckContext, endpointsOf } from './context';

/** Silence that counts as no answer, in milliseconds: a door waits a second for a pod of its own. */
const SILENCE_MS = 2_000;
/** Silence from a DNS server that counts as no answer, in milliseconds. */
const DNS_SILENCE_MS = 300;

/**
 * Makes the request from inside the first endpoint of the check's `from`: its DNS says where to, a
 * real connection goes there, and the answer's status and body say who it was.
 */
export async function checkHttp(check: HttpCheck, context: CheckContext): Promise<CheckResult> {
  const [from] = endpointsOf(check.from, context.scope);
  const url = new URL(check.url);
  const door = check.door ?? url.hostname;
  if (!isServedHere(door, context)) {
    return { kind: 'elsewhere', check, why: `nobody on this machine reads HTTP for ${door}` };
  }
  const look = lookOf(check);
  if (from === undefined) {
    return wrong(check, { saw: 'nobody to ask', means: `nothing is called ${check.from}`, look });
  }
  const address = await addressOf(door, from, context);
  if (address === undefined) {
    return wrong(check, { saw: `no address of ${door}`, means: 'DNS does not know it', look });
  }
  const answer = await context.local.sandbox.askHttp({
    netns: netnsOf(from),
    address,
    port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
    protocol: url.protocol === 'https:' ? 'HTTPS' : 'HTTP',
    host: url.host,
    path: `${url.pathname}${url.search}`,
    headers: check.headers ?? {},
    timeoutMs: SILENCE_MS,
  });
  return judge(check, answer, context);
}

/** Is there a door on this machine, or a host that could become one? */
const isServedHere = (door: string, { scope: { world } }: CheckContext): boolean =>
  doorsOf(world).length > 0 || world.outside.some(({ name }) => name === door);

async function addressOf(
  name: string,
  from: Endpoint,
  { local }: CheckContext,
): Promise<Ip | undefined> {
  const literal = parseIp(name);
  if (literal !== undefined) return literal;
  const lookups = await local.sandbox.resolve({
    netns: netnsOf(from),
    name,
    type: 'A',
    timeoutMs: DNS_SILENCE_MS,
  });
  const last = lookups.at(-1);
  const records = last?.kind === 'answered' ? last.records : [];
  return records.map(({ data }) => parseIp(data)).find((address) => address !== undefined);
}

function judge(check: HttpCheck, answer: HttpAnswer, context: CheckContext): CheckResult {
  const { expect } = check;
  const look = lookOf(check);
  const saw =
    answer.kind === 'silent' ? answer.why : `${answer.status} ${answer.body.trim().slice(0, 80)}`;
  if (expect.kind === 'refused') {
    const isRefused = answer.kind === 'silent' || answer.status === 403;
    return isRefused ? right(check, saw) : wrong(check, { saw, means: 'it was let through', look });
  }
  const isWanted =
    answer.kind === 'answered' &&
    answer.status === expect.status &&
    (expect.by === undefined || speakersOf(expect.by, context).includes(answer.body.trim()));
  if (isWanted) return right(check, saw);
  const by = expect.by === undefined ? '' : ` by ${expect.by}`;
  return wrong(check, { saw, means: `expected ${expect.status}${by}`, look });
}

/** What the listeners behind a name say of themselves (lib/dataplane/listeners.ts). */
const speakersOf = (name: string, { scope }: CheckContext): readonly string[] =>
  endpointsOf(name, scope).map((one) =>
    one.kind === 'pod' ? `${one.namespace}/${one.name}` : one.name,
  );

const lookOf = ({ from, url, door }: HttpCheck): string =>
  `lab exec ${from} -- curl -vk ${door === undefined ? '' : `--connect-to ::${door}: `}${url}`;
