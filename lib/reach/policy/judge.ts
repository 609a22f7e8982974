import { isOnStrictBranch } from '../../model/branch';
import type { Decision } from '../../model/explanation';
import { DEFAULT } from '../../model/rule-name';
import type { World } from '../../model/world';
import { partyName } from '../ends/names';
import { isWorkload } from '../ends/party';
import type { Packet } from '../ends/types';
import { answerOf } from '../hops/hop';
import type { AnswerPacket, PolicyJudge, PolicyQuestion } from './types';
import { defaultEvidence } from './words';

/** Prepares the policies of a world's workloads; `answer` says what the policies decide. */
export function createJudge(world: World, answer: AnswerPacket): PolicyJudge {
  const placements = new Map(world.nodes.map(({ name, placement }) => [name, placement]));
  return {
    workload: (packet, direction) => {
      const subject = direction === 'egress' ? packet.source : packet.target.party;
      if (!isWorkload(subject)) return undefined;
      const question: PolicyQuestion = {
        direction,
        source: packet.source,
        target: packet.target,
      };
      const exempt = exemption(packet, question);
      if (exempt !== undefined) return answerOf([exempt]);
      if (isOnStrictBranch(subject.pod, placements.get(subject.node)))
        return answerOf([onStrictBranch(question)]);
      return answer(packet, question);
    },
  };
}

/** Packets that policies do not filter: a pod's to its own address, a node's to its own pods. */
function exemption(packet: Packet, question: PolicyQuestion): Decision | undefined {
  const { source, target, translated } = packet;
  if (source.address === target.party.address && translated === undefined) {
    const because = `${partyName(source)} reaches its own address without leaving its namespace`;
    return { kind: 'allowed', evidence: defaultEvidence(question, DEFAULT.ownAddress, because) };
  }
  const isFromOwnNode = !isWorkload(source) && source.node === target.party.node;
  if (question.direction === 'egress' || !isFromOwnNode) return undefined;
  const because = `a node always reaches its own pods, whatever policies say (kubelet's probes must not break)`;
  return { kind: 'allowed', evidence: defaultEvidence(question, DEFAULT.ownNode, because) };
}

/** Strict-mode branch interfaces bypass policies; only security groups apply. */
function onStrictBranch(question: PolicyQuestion): Decision {
  const { direction, source, target } = question;
  const name = partyName(direction === 'egress' ? source : target.party);
  const because = `${name} has a branch interface of its own (strict mode): its security groups filter it, no policy does`;
  return { kind: 'passed', evidence: defaultEvidence(question, DEFAULT.strictBranch, because) };
}
