import { planStage, planWorld } from '../../../lib/dataplane/plan';
import { ip } from '../../../lib/model/address';
import type { World } from '../../../lib/model/world';
import { openSandbox, type Sandbox } from '../../../lib/runtime/sandbox/sandbox';
import { findEnvoy } from '../../../lib/runtime/servers/envoy';
import { GATEWAY_CORE, GATEWAY_EXTENDED } from '../../build/gateway-cases';
import { type Asked, type CaseProxy, readCase } from '../../build/http-cases';
import { ALB_CASES, INGRESS_CASES } from '../../build/ingress-cases';
import { describePackets, missingPrograms } from '../kernel';

const missing = [
  ...missingPrograms('openssl'),
  ...(findEnvoy() === undefined ? ['envoy is not installed'] : []),
];

describePackets(
  'every case by real packets',
  () => {
    let sandbox: Sandbox;
    let before: World | undefined;
    beforeAll(async () => {
      sandbox = await openSandbox({ mode: 'tied' });
    });
    afterAll(() => sandbox.close());

    const all = [...GATEWAY_CORE, ...GATEWAY_EXTENDED, ...INGRESS_CASES, ...ALB_CASES];
    test.each(all)('$rule', async ({ objects, requests }) => {
      const reading = readCase(objects);
      if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems, null, 1));
      const world = reading.value;
      await sandbox.run(before === undefined ? planWorld(world) : planStage(before, world));
      before = world;
      const seen: string[] = [];
      for (const one of requests) seen.push(fitting(await ask(sandbox, world, one), one.expect));
      expect(seen).toEqual(requests.map(({ expect: wanted }) => wanted));
    });
  },
  missing,
);

/** One of several answers that may come counts as what was expected. */
const fitting = (seen: string, expected: string): string =>
  expected.split(', ').some((part) => part.includes('% ') && part.split('% ')[1] === seen)
    ? expected
    : seen;

async function ask(sandbox: Sandbox, world: World, one: Asked): Promise<string> {
  const { protocol, host, hostname, port, pathname, search } = new URL(one.url);
  const isTls = protocol === 'https:';
  const answer = await sandbox.askHttp({
    netns: 'pod/edge/client-0',
    address: addressOf(world, one.to),
    port: Number(port) || (isTls ? 443 : 80),
    protocol: isTls ? 'HTTPS' : 'HTTP',
    host: isTls ? hostname : host,
    path: `${pathname}${search}`,
    headers: one.headers ?? {},
    timeoutMs: 5000,
    ...(one.method !== undefined && { method: one.method }),
  });
  if (answer.kind === 'silent') return 'refused';
  const { status, headers, body } = answer;
  if (status === 200) {
    const target = headers['x-received']?.split(' ')[1];
    const suffix = target === `${pathname}${search}` ? '' : ` > ${target}`;
    const name = body
      .trim()
      .replace(/-\d+$/, '')
      .replace(/^edge\//, '');
    return `${name}${suffix}`;
  }
  return headers.location === undefined
    ? `${status}`
    : `${status} ${new URL(headers.location).href}`;
}

function addressOf(world: World, to: CaseProxy) {
  const pod = world.pods.find(({ name }) => name === `${to}-0`);
  return pod?.addresses[0] ?? ip('203.0.113.80');
}
