import type { StepTrials } from '../../lib/lab/trial';
import {
  alternative,
  beyond,
  closingMistakes,
  enteredFromAnywhere,
  entering,
  leavesAnywhere,
  mistake,
  patching,
} from '../../lib/lab/trial-words';

const replyLine = (properties: object): Readonly<Record<string, object>> => ({
  MyReplies: {
    Type: 'AWS::EC2::NetworkAclEntry',
    Properties: {
      NetworkAclId: { Ref: 'NetworkAclpods6D064B55' },
      Egress: true,
      RuleNumber: 106,
      RuleAction: 'allow',
      CidrBlock: '100.64.0.0/16',
      Protocol: 6,
      PortRange: { From: 32768, To: 60999 },
      ...properties,
    },
  },
});

/** The rule by which the nodes' security group admits its own members. */
const MEMBERS =
  'NetworkSecurityGroupsnodesfromaws2sgnaclnetworkNetworkSecurityGroupsnodes6551632AALLTRAFFICFD03B146';
const members = (properties: object) => patching({ [MEMBERS]: { Properties: properties } });

/** What the acceptance run tries at each step, by the step's id. */
export const trials = {
  'one-way': {
    wrong: [...closingMistakes('demo', 'acl-one-way')],
    alternatives: [
      alternative(
        'a policy that admits everything changes nothing',
        ...beyond('acl-one-way', leavesAnywhere('demo'), enteredFromAnywhere('demo')),
      ),
    ],
  },
  replies: {
    wrong: [
      ...closingMistakes('demo', 'acl-both-ways'),
      mistake('too-open', 'the hardened ACL was thrown away', entering('whole')),
      mistake(
        'one-direction',
        'the line is inbound, and the replies leave',
        patching(replyLine({ Egress: false })),
      ),
      mistake('wrong-value', 'the line is for UDP', patching(replyLine({ Protocol: 17 }))),
      mistake('wrong-value', 'the line denies', patching(replyLine({ RuleAction: 'deny' }))),
      mistake(
        'wrong-value',
        'the ports are those of servers',
        patching(replyLine({ PortRange: { From: 1, To: 1023 } })),
      ),
    ],
    alternatives: [
      alternative('the line, written by hand', patching(replyLine({}))),
      alternative(
        'a policy that admits everything changes nothing',
        ...beyond('acl-both-ways', leavesAnywhere('demo'), enteredFromAnywhere('demo')),
      ),
    ],
  },
  'group-repair': {
    wrong: [
      ...closingMistakes('demo', 'whole'),
      mistake(
        'half',
        'only the port of today',
        members({ IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080 }),
      ),
      mistake(
        'wrong-value',
        'UDP in place of TCP',
        members({ IpProtocol: 'udp', FromPort: 0, ToPort: 65535 }),
      ),
      mistake(
        'wrong-value',
        'the port beside',
        members({ IpProtocol: 'tcp', FromPort: 8081, ToPort: 8081 }),
      ),
    ],
    alternatives: [alternative('the rule, written by hand', members({ IpProtocol: '-1' }))],
  },
  group: {
    wrong: [...closingMistakes('demo', 'group-narrow')],
    alternatives: [
      alternative(
        'a policy that admits everything changes nothing',
        ...beyond('group-narrow', leavesAnywhere('demo'), enteredFromAnywhere('demo')),
      ),
    ],
  },
} satisfies Readonly<Record<string, StepTrials>>;
