import { netnsOf } from '../../dataplane/names';
import { judgeAnswer, type ObservedFact, sayText, wrongBecause } from '../../lab/answer';
import type { AnswerCheck } from '../../lab/check';
import { type CheckResult, right, wrong } from '../../lab/check-result';
import type { LabProgress } from '../../lab/progress';
import type { Endpoint } from '../../model/world';
import { type CheckContext, endpointsOf } from './context';

/** Judges what the learner typed; a value that differs from machine to machine is read now. */
export const checkAnswer = async (
  check: AnswerCheck,
  context: CheckContext,
): Promise<CheckResult> =>
  checkTyped(check, context.progress, await observedValues(check, context));

/** Judges what the learner typed against what may be right, observed values among it. */
export function checkTyped(
  check: AnswerCheck,
  progress: LabProgress | undefined,
  observed: readonly string[],
): CheckResult {
  const { question } = check;
  const typed = progress?.answers[question.id];
  const look = `lab answer ${question.id} <your answer>`;
  if (typed === undefined) {
    return wrong(check, { saw: 'no answer yet', means: sayText(question), look });
  }
  return judgeAnswer(question.accept, typed, observed) === 'right'
    ? right(check, `${typed}: ${question.because}`)
    : wrong(check, { saw: `'${typed}'`, means: wrongBecause(question.accept, typed), look });
}

/** The values that an answer about the running environment may have. */
export async function observedValues(
  { question: { accept } }: Pick<AnswerCheck, 'question'>,
  context: CheckContext,
): Promise<readonly string[]> {
  if (accept.kind !== 'observed') return [];
  const endpoints = endpointsOf(accept.of, context.scope);
  return Promise.all(endpoints.map((endpoint) => readFact(accept.fact, endpoint, context)));
}

async function readFact(
  fact: ObservedFact,
  endpoint: Endpoint,
  { local }: CheckContext,
): Promise<string> {
  switch (fact) {
    case 'address':
      return endpoint.addresses[0] ?? '';
    case 'node':
      return endpoint.kind === 'pod' ? endpoint.node : '';
    case 'mac':
      return (await link(endpoint, local)).address ?? '';
    case 'host-device':
      return hostDevice(endpoint, local);
  }
}

interface Link {
  readonly ifname?: string;
  readonly ifindex?: number;
  readonly address?: string;
  readonly link_index?: number;
}

async function link(endpoint: Endpoint, local: CheckContext['local']): Promise<Link> {
  const argv = ['ip', '-j', 'link', 'show', 'eth0'];
  const { stdout } = await local.sandbox.exec(netnsOf(endpoint), argv);
  return (JSON.parse(stdout) as readonly Link[])[0] ?? {};
}

/** The device at the node whose index is the peer index of the pod's. */
async function hostDevice(endpoint: Endpoint, local: CheckContext['local']): Promise<string> {
  const node = local
    .world()
    .nodes.find((one) => endpoint.kind === 'pod' && one.name === endpoint.node);
  if (node === undefined) return '';
  const { link_index } = await link(endpoint, local);
  const { stdout } = await local.sandbox.exec(netnsOf(node), ['ip', '-j', 'link', 'show']);
  const links = JSON.parse(stdout) as readonly Link[];
  return links.find(({ ifindex }) => ifindex === link_index)?.ifname ?? '';
}
