import type { StageOf } from '../../charts';
import { defineLab } from '../../lib/lab/format';
import {
  allowed,
  asks,
  byAnswering,
  choose,
  decidedBy,
  denied,
  holds,
  stage,
  word,
} from '../../lib/lab/words';
import { CALLS, OUTSIDE } from '../zt-1-map/application';
import head from './head';
import { trials } from './trials';

export default defineLab<StageOf<'obs-1-observe'>>({
  id: 'obs-1-observe',
  level: 5,
  title: 'Observation: find denied flows in logs',
  goal: 'Find a denied flow and the policy behind it in each kind of log, and know what each cannot see.',
  head,
  prerequisites: ['zt-3-enforce'],
  targets: ['local', 'kind', 'eks'],
  cost: 'cluster',
  localLimits:
    '`lab flows` writes the lines of Calico’s flow log from real packets; Goldmane, Whisker and Hubble themselves need kind or EKS, VPC flow logs EKS.',
  environment: { kind: 'cluster', home: 'shop', calls: CALLS, outside: OUTSIDE },
  stages: [
    { name: 'open', about: 'Nothing is closed.', keeps: CALLS, closes: [] },
    {
      name: 'enforced',
      about: '`shop` and billing are enforced; one rule of the map was forgotten.',
      keeps: ['web -> api:8080', 'api -> db:5432', 'api -> payments/billing:8443'],
      closes: [
        'api -> partner.example:443',
        'debug -> db:5432',
        'monitoring/prometheus -> payments/billing:8443',
      ],
    },
  ],
  start: 'open',
  steps: [
    {
      id: 'enforce',
      task: 'Enforce the policies. The shop works, yet two things are reported broken. Find both flows and who decided.',
      checks: [
        allowed('web', 'api:8080', 'the shop works'),
        decidedBy('api', 'partner.example:443', {
          filter: 'network-policy',
          because: 'api is isolated for egress, and no rule names an address outside',
        }),
        decidedBy('monitoring/prometheus', 'payments/billing:8443', {
          filter: 'network-policy',
          object: 'payments/billing',
          because: 'billing’s own policy admits api only',
        }),
        asks(
          word(
            {
              id: 'who-isolates-billing',
              sort: 'a policy as namespace/name',
              ask: 'Which policy isolates billing? (namespace/name)',
              because: 'A denial cites what isolates the pod: there is no rule that denies.',
            },
            ['payments/billing'],
            [
              ['shop/api', 'it lives in shop, and a policy selects pods of its own namespace only'],
              ['shop/default-deny', 'it closes shop; billing stands in another namespace'],
              [
                'payments/default-deny',
                'this stage has no policy of that name: lab explain cites those that exist',
              ],
            ],
          ),
        ),
        holds('enforced', '`shop` and billing are enforced; one rule of the map was forgotten.'),
      ],
      hints: [
        '`lab matrix` marks what changed; `lab explain <from> <to>:<port>` names the object.',
        '`lab flows --format calico` marks both with `Deny` and names the policy; in a cluster Whisker does, filter action Deny.',
      ],
      solution: stage('enforced'),
      trials: trials.enforce,
      because: 'Read a denial as: who isolates, in which direction, and which rule is missing.',
    },
    {
      id: 'intruder',
      task: 'An attacker controls `debug`. List what it tried, and why every attempt is visible.',
      checks: [
        denied('debug', 'db:5432', 'tried, dropped and logged'),
        denied('debug', 'threat.example:443', 'calling home is dropped too'),
        asks(
          choose(
            {
              id: 'scan',
              ask: 'A pod tries a hundred ports of its neighbours in a minute. Which log shows it first?',
              because:
                'Denied flows by source: a healthy application has none. VPC flow logs come minutes later and never see the neighbours on its own node.',
            },
            'the flow log’s denied flows by workload',
            ['VPC flow logs', 'they come minutes later, and never show neighbours on one node'],
            ['the application’s log', 'what is denied never reaches an application'],
          ),
        ),
        asks(
          choose(
            {
              id: 'mirror',
              ask: 'You want Suricata to read the packets, not only their headers. Where does it get them?',
              because:
                'A flow log has no payload. `tc` mirrors a veth to a device that Suricata listens on; in a VPC, traffic mirroring copies an interface of a Nitro instance.',
            },
            'from a mirror of the interface',
            ['from the flow log', 'it has a line for each flow, and none of the bytes'],
            [
              'from the API server',
              'it knows objects, and never sees a packet of a pod to another',
            ],
          ),
        ),
        holds('enforced', '`shop` and billing are enforced; one rule of the map was forgotten.'),
      ],
      hints: [
        '`lab capture debug-0` while it tries.',
        '`lab flows --all --format calico` tries every pair: which lines with `Deny` come from debug?',
      ],
      solution: byAnswering,
      because: 'The default deny is also a detector: what is denied is by definition not needed.',
    },
  ],
  questions: [
    choose(
      {
        id: 'reject-or-accept',
        ask: 'A NetworkPolicy drops a packet on its way into a pod. What does the VPC flow log say?',
        because:
          'Security group and ACL let it in: ACCEPT. The drop happened later, in the node. Only the log of the policy engine knows.',
      },
      'ACCEPT',
      ['REJECT', 'that is the word of a security group or an ACL, and the policy is neither'],
      [
        'NODATA',
        'that tells of an interface without any traffic, and this packet came through one',
      ],
    ),
    choose(
      {
        id: 'pending',
        ask: 'Calico’s flow log has an enforced and a pending trace. What is the second?',
        because: 'It is the verdict with every staged policy counted: the audit of `zt-2-audit`.',
      },
      'what staged policies would decide',
      ['packets that wait', 'no packet waits for a policy: the word is about verdicts'],
      ['the return traffic', 'replies belong to the same flow: both traces are about it'],
    ),
    choose(
      {
        id: 'threat-feed-match',
        ask: 'A flow to an address of the threat feed is denied. What do you do next?',
        because: 'The denial protects; the alert shows that a pod inside the cluster tried.',
      },
      'look at the pod that tried',
      ['nothing: it was denied', 'the packet was stopped, and what sent it still runs'],
      ['remove the address from the feed', 'then the next try succeeds'],
    ),
  ],
});
