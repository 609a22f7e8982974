import type { StageOf } from '../../charts';
import { defineLab } from '../../lib/lab/format';
import {
  allowed,
  asks,
  choose,
  holds,
  stage,
  wouldBeAllowed,
  wouldBeDenied,
} from '../../lib/lab/words';
import { CALLS, OUTSIDE } from '../zt-1-map/application';
import head from './head';
import { trials } from './trials';

export default defineLab<StageOf<'zt-2-audit'>>({
  id: 'zt-2-audit',
  level: 5,
  title: 'Zero trust 2: audit with staged policies',
  goal: 'Stage policies, read what they would deny, and refine them until they would deny nothing that is needed.',
  head,
  prerequisites: ['zt-1-map', 'calico-1-policy-basics'],
  targets: ['local', 'kind', 'eks'],
  cost: 'cluster',
  environment: { kind: 'cluster', home: 'shop', calls: CALLS, outside: OUTSIDE },
  stages: [
    { name: 'open', about: 'Nothing is closed, nothing is staged.', keeps: CALLS, closes: [] },
    {
      name: 'staged-deny',
      about: 'A staged default deny: counts, closes nothing.',
      keeps: CALLS,
      closes: [],
    },
    {
      name: 'draft',
      about: 'Staged rules from memory. Something is missing.',
      keeps: CALLS,
      closes: [],
    },
    {
      name: 'refined',
      about: 'Staged rules that would deny no call of the application.',
      keeps: CALLS,
      closes: [],
    },
  ],
  start: 'open',
  steps: [
    {
      id: 'stage-deny',
      task: 'Stage a default deny in `shop`. Nothing may break, and every call must be listed as a would-be denial.',
      checks: [
        wouldBeDenied('web', 'api:8080', 'no rule is staged yet, so everything would be denied'),
        wouldBeDenied('api', 'db:5432', 'the same'),
        allowed('web', 'api:8080', 'a staged policy decides nothing'),
        allowed('api', 'payments/billing:8443', 'nothing is closed'),
        holds('staged-deny', 'A staged default deny: counts, closes nothing.'),
      ],
      hints: [
        'Calico has the kind StagedNetworkPolicy: the same spec, and `stagedAction: Set`.',
        '`lab predict --staged-as-enforced` judges flows as if everything staged were enforced.',
      ],
      solution: stage('staged-deny'),
      trials: trials['stage-deny'],
      because: 'The rehearsal costs nothing: the packets pass, the verdicts are recorded.',
    },
    {
      id: 'draft',
      task: 'Stage the rules you remember: web to api, api to db, DNS. Read which real calls would still be denied.',
      checks: [
        wouldBeAllowed('web', 'api:8080', 'both ends have a staged rule'),
        wouldBeAllowed('api', 'db:5432', 'both ends have a staged rule'),
        wouldBeDenied('api', 'payments/billing:8443', 'the call to payments was forgotten'),
        wouldBeDenied('monitoring/prometheus', 'api:8080', 'monitoring was forgotten'),
        asks(
          choose(
            {
              id: 'forgotten',
              ask: 'Which three did the draft forget?',
              because: 'The map of `zt-1-map` has them. Memory is no map.',
            },
            'monitoring, billing, the partner',
            ['DNS, db, web', 'the draft has rules for all three: read what it would deny'],
            ['debug, db, DNS', 'the draft has db and DNS, and debug has no call that is needed'],
          ),
        ),
        holds('draft', 'Staged rules from memory. Something is missing.'),
      ],
      hints: [
        'Compare the would-be denials with the map, line by line.',
        '`lab flows --format calico` has `pending` for each call, as Whisker shows it in a cluster.',
      ],
      solution: stage('draft'),
      trials: trials.draft,
      because: 'Every line of this report would have been an outage.',
    },
    {
      id: 'refine',
      task: 'Refine until no call of the application would be denied, and `debug` still would.',
      checks: [
        wouldBeAllowed('api', 'payments/billing:8443', 'the call to payments has its rule'),
        wouldBeAllowed('api', 'partner.example:443', 'and so has the one to the partner'),
        wouldBeAllowed('monitoring/prometheus', 'web:8080', 'monitoring may scrape'),
        wouldBeDenied('debug', 'db:5432', 'a call that is not needed stays denied'),
        allowed('debug', 'db:5432', 'and today it still passes: this is a rehearsal'),
        holds('refined', 'Staged rules that would deny no call of the application.'),
      ],
      hints: [
        'Take the rules from observed flows: `lab flows --out flows.jsonl`, then `lab recommend --flows flows.jsonl` writes staged policies.',
        'billing is in another namespace, the partner is an address.',
      ],
      solution: stage('refined'),
      trials: trials.refine,
      because: 'Zero would-be denials of known calls for a full cycle: that is when to enforce.',
    },
  ],
  questions: [
    choose(
      {
        id: 'audit-networkpolicy',
        ask: 'A Kubernetes NetworkPolicy is called `default-deny-audit`. What does it do once applied?',
        because:
          'NetworkPolicy has no audit mode; a name changes nothing. It isolates every pod of the namespace, and its egress rule to all pods of all namespaces makes it look harmless until a pod calls an address outside.',
      },
      'it is enforced like any other',
      ['it logs and blocks nothing', 'NetworkPolicy has no such mode, whatever its name says'],
      ['it is rejected', 'the API server looks at fields, and they are valid'],
    ),
    choose(
      {
        id: 'tier-of-staged',
        ask: 'A tier holds only staged policies that select a pod. What does the end of the tier do to the pod’s traffic?',
        because:
          'Only enforced policies make a tier apply; a staged policy must not bring the default deny of its tier.',
      },
      'nothing',
      ['it denies', 'only enforced policies make a tier apply to a pod'],
      [
        'it logs',
        'the flow log tells what would happen; the question is what does happen to the packet',
      ],
    ),
    choose(
      {
        id: 'promote',
        ask: 'How is a staged policy promoted?',
        because:
          'The enforced kind with the same spec is applied and the staged one removed. With `stagedAction: Delete` one rehearses the removal of an enforced policy.',
      },
      'by applying the same spec as the enforced kind',
      ['by a label', 'no label turns an object of one kind into another'],
      ['it promotes itself after a week', 'policies have no expiry: staging ends when you end it'],
    ),
  ],
});
