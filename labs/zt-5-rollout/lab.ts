import type { StageOf } from '../../charts';
import { defineLab } from '../../lib/lab/format';
import {
  allowed,
  asks,
  choose,
  count,
  denied,
  holds,
  stage,
  words,
  wouldBeDenied,
} from '../../lib/lab/words';
import head from './head';
import { trials } from './trials';

export default defineLab<StageOf<'zt-5-rollout'>>({
  id: 'zt-5-rollout',
  level: 5,
  title: 'Zero trust 5: roll out in eight weeks',
  goal: 'Lead a cluster from open to zero trust: who is at which stage, on what evidence, and when to go on.',
  head,
  prerequisites: ['zt-3-enforce'],
  targets: ['local', 'kind', 'eks'],
  cost: 'cluster',
  environment: {
    kind: 'cluster',
    home: 'test',
    calls: ['web -> api:8080', 'team-a/web -> team-a/api:8080', 'team-b/web -> team-b/api:8080'],
  },
  stages: [
    {
      name: 'monitor',
      about: 'Weeks 1 and 2: watch.',
      keeps: ['web -> api:8080', 'team-a/web -> team-b/api:8080'],
      closes: [],
    },
    {
      name: 'audit-test',
      about: 'Weeks 3 and 4: a staged deny in `test`.',
      keeps: ['web -> api:8080', 'web -> team-a/api:8080'],
      closes: [],
    },
    {
      name: 'enforce-test',
      about: 'Week 5: `test` is enforced, the teams are audited.',
      keeps: ['web -> api:8080', 'team-a/web -> team-b/api:8080'],
      closes: ['web -> team-a/api:8080', 'team-a/web -> api:8080'],
    },
    {
      name: 'enforce-team-a',
      about: 'Weeks 6 and 7: `team-a` is enforced.',
      keeps: ['team-a/web -> team-a/api:8080', 'team-b/web -> team-b/api:8080'],
      closes: ['team-a/web -> team-b/api:8080', 'team-b/web -> team-a/api:8080'],
    },
    {
      name: 'enforce-all',
      about: 'Week 8: every namespace is enforced.',
      keeps: ['web -> api:8080', 'team-a/web -> team-a/api:8080', 'team-b/web -> team-b/api:8080'],
      closes: ['team-b/web -> api:8080', 'team-a/web -> team-b/api:8080'],
    },
  ],
  start: 'monitor',
  steps: [
    {
      id: 'audit',
      task: 'Weeks 3 and 4: stage a deny in `test` and keep everything running.',
      checks: [
        wouldBeDenied('web', 'api:8080', 'the rehearsal sees it'),
        allowed('web', 'api:8080', 'and does not stop it'),
        asks(
          choose(
            {
              id: 'when-enforce',
              ask: 'When may `test` be enforced?',
              because:
                'A date is no evidence. Zero would-be denials of known calls, over a full cycle, is.',
            },
            'when no known call would be denied for a full cycle',
            ['in week 5, whatever the report says', 'a date in a plan is no evidence'],
            [
              'when there are no complaints',
              'there can be no complaints about flows that are not denied yet',
            ],
          ),
        ),
        holds('audit-test', 'Weeks 3 and 4: a staged deny in `test`.'),
      ],
      hints: [
        'One staged global policy with a namespaceSelector is enough for all namespaces to come.',
      ],
      solution: stage('audit-test'),
      trials: trials.audit,
      because: 'The calendar says when to look, the report says when to go.',
    },
    {
      id: 'enforce-test',
      task: 'Week 5: enforce `test`, and begin to audit the teams.',
      checks: [
        allowed('web', 'api:8080', 'the application of `test` works'),
        denied('web', 'team-a/api:8080', 'and keeps to itself'),
        wouldBeDenied('team-a/web', 'team-b/api:8080', 'the teams are at the rehearsal now'),
        allowed('team-a/web', 'team-b/api:8080', 'and run on'),
        holds('enforce-test', 'Week 5: `test` is enforced, the teams are audited.'),
      ],
      hints: ['Default deny, DNS, paths; then move the staged policy on to the next namespaces.'],
      solution: stage('enforce-test'),
      trials: trials['enforce-test'],
      because: 'The first namespace teaches what the plan forgot. That is what it is for.',
    },
    {
      id: 'enforce-team-a',
      task: 'Weeks 6 and 7: enforce `team-a` only.',
      checks: [
        allowed('team-a/web', 'team-a/api:8080', 'its application works'),
        denied('team-a/web', 'team-b/api:8080', 'and leaves its neighbour alone'),
        allowed('team-b/web', 'team-b/api:8080', 'team-b is not touched'),
        holds('enforce-team-a', 'Weeks 6 and 7: `team-a` is enforced.'),
      ],
      hints: [
        'The policies of `test` once more, in `team-a`: default deny, DNS, the way from web to api.',
      ],
      solution: stage('enforce-team-a'),
      trials: trials['enforce-team-a'],
      because: 'Small steps make small incidents, each with an obvious way back.',
    },
    {
      id: 'finish',
      task: 'Week 8: enforce the rest, and write the report.',
      checks: [
        allowed('team-b/web', 'team-b/api:8080', 'the last application works'),
        denied('team-b/web', 'api:8080', 'no namespace is open to another'),
        asks(
          words(
            {
              id: 'enforced-namespaces',
              ask: 'Which namespaces does the report list as enforced?',
              because:
                'A namespace is enforced when a policy selects every pod of it in both directions; the evidence is the policy and the matrix.',
            },
            'test',
            'team-a',
            'team-b',
          ),
        ),
        holds('enforce-all', 'Week 8: every namespace is enforced.'),
      ],
      hints: [
        '`team-b` gets what `team-a` has; no staged policy is left over.',
        '`lab matrix` is the evidence: the closed half must be silent, the open half must answer.',
      ],
      solution: stage('enforce-all'),
      trials: trials.finish,
      because: 'A report without a measurement is an opinion.',
    },
  ],
  questions: [
    count(
      {
        id: 'first-enforced-week',
        ask: 'In which week does the first denial happen?',
        because: 'Two weeks of watching, one of staging, one of refining.',
      },
      5,
    ),
    choose(
      {
        id: 'first-namespace',
        ask: 'Which namespace goes first?',
        because:
          'One that is used, so that the test is meaningful, and whose outage does no damage.',
      },
      'one that is not critical',
      ['the most critical one', 'the first namespace shows your mistakes: whom may they hurt?'],
      ['kube-system', 'DNS lives there: a mistake stops everybody'],
    ),
    choose(
      {
        id: 'new-namespace',
        ask: 'In week 9 a team makes a new namespace. What keeps it from being open?',
        because:
          'Nothing in NetworkPolicy reaches a namespace that does not exist yet. A generating policy (`gov-1-kyverno`) or a global one does.',
      },
      'a policy that generates or a global one',
      [
        'the default deny of the other namespaces',
        'a NetworkPolicy selects pods of its own namespace only',
      ],
      ['nothing can', 'a NetworkPolicy cannot, but not every policy is bound to one namespace'],
    ),
  ],
});
