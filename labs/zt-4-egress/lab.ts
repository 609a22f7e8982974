import type { StageOf } from '../../charts';
import { defineLab } from '../../lib/lab/format';
import { allowed, asks, choose, denied, holds, stage } from '../../lib/lab/words';
import { CALLS, OUTSIDE } from '../zt-1-map/application';
import head from './head';
import { trials } from './trials';

const inside = ['web -> api:8080', 'api -> db:5432'] as const;

export default defineLab<StageOf<'zt-4-egress'>>({
  id: 'zt-4-egress',
  level: 5,
  title: 'Zero trust 4: egress control',
  goal: 'Control what leaves the cluster: the metadata address, lists of threats, an allow-list, and the clock.',
  head,
  prerequisites: ['zt-3-enforce', 'calico-2-order'],
  targets: ['local'],
  cost: 'cluster',
  environment: { kind: 'cluster', home: 'shop', calls: CALLS, outside: OUTSIDE },
  stages: [
    {
      name: 'open',
      about: 'Every pod may call everybody.',
      keeps: ['web -> metadata:80', 'web -> threat.example:443'],
      closes: [],
    },
    {
      name: 'metadata',
      about: 'No pod reaches the node’s metadata.',
      keeps: [...inside, 'web -> threat.example:443'],
      closes: ['web -> metadata:80'],
    },
    {
      name: 'threat-feed',
      about: 'No pod reaches an address of the threat feed.',
      keeps: [...inside, 'web -> partner.example:443', 'web -> new-threat.example:443'],
      closes: ['web -> metadata:80', 'web -> threat.example:443'],
    },
    {
      name: 'feed-updated',
      about: 'The feed has one address more; no policy changed.',
      keeps: [...inside, 'web -> partner.example:443'],
      closes: ['web -> threat.example:443', 'web -> new-threat.example:443'],
    },
    {
      name: 'allow-list',
      about: 'Outside the cluster only api, only the partners, only 443.',
      keeps: [...inside, 'api -> partner.example:443'],
      closes: ['web -> partner.example:443', 'api -> threat.example:443', 'api -> internet:443'],
    },
    {
      name: 'after-hours',
      about: 'Outside business hours the partners are closed.',
      keeps: [...inside],
      closes: ['api -> partner.example:443'],
    },
  ],
  start: 'open',
  steps: [
    {
      id: 'metadata',
      task: 'Close 169.254.169.254 to every pod, and nothing else; not even to the nodes themselves.',
      checks: [
        denied('web', 'metadata:80', 'one rule of an early tier denies the address'),
        allowed('web', 'threat.example:443', 'everything else is as before'),
        allowed('web', 'api:8080', 'inside the cluster too'),
        holds('metadata', 'No pod reaches the node’s metadata.'),
      ],
      hints: [
        'A global policy in a tier that comes first, order low.',
        '`selector: all()` alone selects the nodes too: add `namespaceSelector: all()`.',
        'The tier passes what it does not decide (`defaultAction: Pass`).',
      ],
      solution: stage('metadata'),
      trials: trials.metadata,
      because:
        'A pod that reaches the metadata service can use the role of the node. (On EKS also set the hop limit of IMDSv2 to 1: the answer then does not reach a pod.)',
    },
    {
      id: 'threats',
      task: 'Close every address of a threat feed, by a label.',
      checks: [
        denied('web', 'threat.example:443', 'its address is in the set'),
        allowed('web', 'new-threat.example:443', 'a new address is not in it yet'),
        holds('threat-feed', 'No pod reaches an address of the threat feed.'),
      ],
      hints: [
        'GlobalNetworkSet: addresses with labels.',
        'The rule’s destination selects the label, never an address.',
      ],
      solution: stage('threat-feed'),
      trials: trials.threats,
      because: 'The policy is written once by a person, the list a thousand times by a machine.',
    },
    {
      id: 'update',
      task: 'The feed reports 203.0.113.67. Close it without touching a policy.',
      checks: [
        denied('web', 'new-threat.example:443', 'the set changed, the policy did not'),
        holds('feed-updated', 'The feed has one address more; no policy changed.'),
      ],
      hints: [
        'On a cluster: `kubectl edit globalnetworksets.projectcalico.org threat-feed`. Here: the set with one address more in a file, and `lab apply <file>`.',
      ],
      solution: stage('feed-updated'),
      trials: trials.update,
      because:
        'A set of ten thousand addresses is one look-up in the kernel, and a change of one element.',
    },
    {
      id: 'allow-list',
      task: 'Turn it round: outside the cluster nothing is allowed but the partners, for api, on 443.',
      checks: [
        allowed('api', 'partner.example:443', 'on the list, and the caller is api'),
        denied('web', 'partner.example:443', 'the caller is not api'),
        denied('api', 'internet:443', 'not on the list'),
        allowed('web', 'api:8080', 'inside the cluster the next tier decides'),
        holds('allow-list', 'Outside the cluster only api, only the partners, only 443.'),
      ],
      hints: [
        'Inside first: pass what goes to any namespaced endpoint.',
        'Then allow api to the set of partners on 443, then deny.',
      ],
      solution: stage('allow-list'),
      trials: trials['allow-list'],
      because: 'A list of what is bad is never complete; a list of what is needed can be.',
    },
    {
      id: 'hours',
      task: 'After business hours the partners must be closed. Let the clock do it.',
      checks: [
        denied('api', 'partner.example:443', 'a policy of lower order denies what the list allows'),
        allowed('api', 'db:5432', 'the application itself runs on'),
        asks(
          choose(
            {
              id: 'clock',
              ask: 'Which field of a policy holds the time window?',
              because:
                'There is none. A CronJob (with a service account that may do just this) applies the policy in the evening and deletes it in the morning.',
            },
            'none: a job applies and deletes the policy',
            ['spec.schedule', 'a CronJob has that field; a policy has none of the kind'],
            ['an annotation', 'no policy engine acts on one that holds hours'],
          ),
        ),
        holds('after-hours', 'Outside business hours the partners are closed.'),
      ],
      hints: [
        'Policies know no time. Who does?',
        'Order: the evening’s deny must be asked before the list’s allow.',
      ],
      solution: stage('after-hours'),
      trials: trials.hours,
      because:
        'And what is open stays open: connections of the afternoon stay open in the evening unless they are closed.',
    },
  ],
  questions: [
    choose(
      {
        id: 'names',
        ask: 'Why not allow `*.partner.example` by name?',
        because:
          'A packet carries addresses. Who allows by name must watch the DNS answers and fill a set (Calico Enterprise and Cilium do). NetworkPolicy cannot.',
      },
      'a packet carries an address, no name',
      [
        'names are slower',
        'speed is not the matter: capture a packet, and read what it says about where it goes',
      ],
      ['it is allowed in NetworkPolicy', 'its peers are pods, namespaces and blocks of addresses'],
    ),
    choose(
      {
        id: 'nat',
        ask: 'The partner wants to allow your address. Which one does it see from a pod on EKS?',
        because:
          'The node translates to its own primary address, and the NAT gateway to its Elastic IP: that one. Pods of other teams come from the same.',
      },
      'that of the NAT gateway',
      ['the pod’s', 'that one is private, and gone when the packet has left the node'],
      [
        'the node’s private one',
        'that one is on the packet when it leaves the node, and no private address crosses the internet',
      ],
    ),
  ],
});
