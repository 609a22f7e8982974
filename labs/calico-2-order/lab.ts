import type { StageOf } from '../../charts';
import { defineLab, type Step } from '../../lib/lab/format';
import { closingMistakes } from '../../lib/lab/trial-words';
import { allowed, asks, bySamePolicies, choose, denied, holds, stage } from '../../lib/lab/words';
import head from './head';
import { trials } from './trials';

type Stage = StageOf<'calico-2-order'>;

const OUTCOMES = ['red and blue', 'only blue', 'only red', 'neither'] as const;

type Outcome = (typeof OUTCOMES)[number];

interface Arrangement {
  readonly stage: Stage;
  readonly setting: string;
  readonly red: 'allowed' | 'denied';
  readonly blue: 'allowed' | 'denied';
  /** Why the other outcomes are none. */
  readonly wrong: Readonly<Partial<Record<Outcome, string>>>;
  readonly hint: string;
  readonly because: string;
  /** What to take along from it. */
  readonly lesson: string;
}

const outcome = ({ red, blue }: Arrangement): Outcome => {
  if (red === 'allowed') return blue === 'allowed' ? 'red and blue' : 'only red';
  return blue === 'allowed' ? 'only blue' : 'neither';
};

/** Predict, then look: every arrangement is a step of the same shape. */
const predict = (arrangement: Arrangement): Step<Stage> => {
  const right = outcome(arrangement);
  const { red, blue, because, wrong } = arrangement;
  return {
    id: arrangement.stage,
    task: `${arrangement.setting} Who reaches web? Answer first, then \`lab stage ${arrangement.stage}\` and look.`,
    checks: [
      asks(
        choose(
          {
            id: `who-${arrangement.stage}`,
            ask: `${arrangement.setting} Who reaches web?`,
            because,
          },
          right,
          ...OUTCOMES.flatMap((other) => {
            const why = wrong[other];
            return why === undefined ? [] : [[other, why] as const];
          }),
        ),
      ),
      (red === 'allowed' ? allowed : denied)('red', 'web:8080', because),
      (blue === 'allowed' ? allowed : denied)('blue', 'web:8080', because),
      bySamePolicies(
        holds(arrangement.stage, `${arrangement.setting} No other policy is in force.`),
      ),
    ],
    hints: [
      arrangement.hint,
      '`lab explain red-0 web-0:8080` walks the tiers in order and stops at who decided.',
    ],
    solution: stage(arrangement.stage),
    trials: { wrong: closingMistakes('shop', arrangement.stage) },
    because: arrangement.lesson,
  };
};

export default defineLab<Stage>({
  id: 'calico-2-order',
  level: 5,
  title: 'Calico policies: tiers, order and actions',
  goal: 'Predict the outcome of tiers, orders and actions before the packet shows it.',
  head,
  prerequisites: ['calico-1-policy-basics'],
  targets: ['local', 'kind', 'eks'],
  cost: 'cluster',
  environment: {
    kind: 'cluster',
    home: 'shop',
    outside: [{ name: 'banned.example', addresses: ['203.0.113.66'], listens: [443] }],
  },
  stages: [
    {
      name: 'kubernetes-only',
      about: 'A NetworkPolicy admits red and blue to web.',
      keeps: ['red -> web:8080', 'blue -> web:8080'],
      closes: [],
    },
    {
      name: 'deny-before',
      about: 'And a Calico policy of order 500 denies red.',
      keeps: ['blue -> web:8080'],
      closes: ['red -> web:8080'],
    },
    {
      name: 'deny-after',
      about: 'The same with order 2000.',
      keeps: ['red -> web:8080', 'blue -> web:8080'],
      closes: [],
    },
    {
      name: 'deny-without-order',
      about: 'The same without any order.',
      keeps: ['red -> web:8080', 'blue -> web:8080'],
      closes: [],
    },
    {
      name: 'log-then-deny',
      about: 'Order 500: log red, then deny red.',
      keeps: ['blue -> web:8080'],
      closes: ['red -> web:8080'],
    },
    {
      name: 'pass-in-default',
      about: 'The NetworkPolicy admits blue alone; a Calico policy of order 500 passes red.',
      keeps: ['red -> web:8080', 'blue -> web:8080'],
      closes: [],
    },
    {
      name: 'tier-denies',
      about: 'A tier before `default`: deny red, pass the rest.',
      keeps: ['blue -> web:8080'],
      closes: ['red -> web:8080'],
    },
    {
      name: 'tier-passes',
      about: 'A tier before `default`: pass red. Nothing about blue.',
      keeps: ['red -> web:8080'],
      closes: ['blue -> web:8080'],
    },
    {
      name: 'end-of-tier',
      about: 'A tier before `default`: deny red. Nothing else.',
      keeps: [],
      closes: ['red -> web:8080', 'blue -> web:8080'],
    },
    {
      name: 'end-of-tier-pass',
      about: 'The same, and the tier’s default action is Pass.',
      keeps: ['blue -> web:8080'],
      closes: ['red -> web:8080'],
    },
    {
      name: 'network-set',
      about: 'A set of banned addresses, denied by its label; everybody else is allowed.',
      keeps: ['red -> web:8080', 'blue -> web:8080'],
      closes: ['banned.example -> web:8080'],
    },
  ],
  start: 'kubernetes-only',
  steps: [
    predict({
      stage: 'deny-before',
      setting: 'A Kubernetes policy admits red and blue; a Calico policy of order 500 denies red.',
      red: 'denied',
      blue: 'allowed',
      wrong: {
        'red and blue':
          'to Calico a NetworkPolicy has an order too: which of the two policies is asked first?',
        'only red': 'the only deny here names red',
        neither: 'the deny names red: who is asked about blue?',
      },
      hint: 'To Calico a NetworkPolicy has order 1000 in the tier `default`. Lower is asked first.',
      because: '500 comes before 1000: red is denied before Kubernetes’ policy is asked.',
      lesson: 'To Calico every NetworkPolicy has order 1000: what comes before it can overrule it.',
    }),
    predict({
      stage: 'deny-after',
      setting: 'The same, and the Calico policy has order 2000.',
      red: 'allowed',
      blue: 'allowed',
      wrong: {
        'only blue': 'the deny has order 2000: does an earlier policy decide about red?',
        'only red': 'no rule here is against blue',
        neither: 'an Allow at 1000 is final for the packets that it matches',
      },
      hint: 'The first policy that decides wins.',
      because: 'Kubernetes’ policy allows red at 1000, and 2000 is never asked.',
      lesson: 'An Allow is as final as a Deny: later policies are not evaluated.',
    }),
    predict({
      stage: 'deny-without-order',
      setting: 'The same, and the Calico policy has no order.',
      red: 'allowed',
      blue: 'allowed',
      wrong: {
        'only blue': 'a missing order is not zero: when is such a policy asked?',
        'only red': 'no rule here is against blue',
        neither: 'the Allow of the NetworkPolicy has an order, and the deny has none',
      },
      hint: 'No order does not mean zero.',
      because: 'No order means last.',
      lesson:
        'Always set `order`, so that a reader need not know where a policy without one is evaluated.',
    }),
    predict({
      stage: 'log-then-deny',
      setting: 'Order 500: the first rule logs red, the second denies red.',
      red: 'denied',
      blue: 'allowed',
      wrong: {
        'red and blue': 'Log decides nothing: the rule after it is asked too',
        'only red': 'Log allows no packet, and no rule denies blue',
        neither: 'both rules name red: who decides about blue?',
      },
      hint: 'Does Log decide?',
      because: 'Log writes a line and goes on; the next rule decides.',
      lesson: 'Log is for looking: put it before the rule whose packets you want to see.',
    }),
    predict({
      stage: 'pass-in-default',
      setting:
        'Kubernetes’ policy admits blue only; a Calico policy of order 500 in the same tier passes red.',
      red: 'allowed',
      blue: 'allowed',
      wrong: {
        'only blue':
          'Pass skips the deny at the end of the tier as well: what comes after the last tier?',
        'only red': 'the Pass names red; about blue Kubernetes’ policy is still asked',
        neither: 'a Pass denies nothing, and the Kubernetes policy admits one of them',
      },
      hint: 'Pass leaves the tier. Which policies does red skip, and what comes after the last tier?',
      because:
        'Pass skips the rest of the tier, Kubernetes’ policies and the deny at its end included; after the last tier the namespace’s profile allows.',
      lesson:
        'In the last tier Pass is nearly an Allow. It belongs in tiers that have one after them.',
    }),
    predict({
      stage: 'tier-denies',
      setting: 'A tier of order 100 denies red and passes everybody else.',
      red: 'denied',
      blue: 'allowed',
      wrong: {
        'red and blue': 'a Deny is final: no later tier takes it back',
        'only red': 'red is whom this tier denies',
        neither: 'what is passed is for the next tier to decide',
      },
      hint: 'Tiers are asked in their order; Pass goes to the next.',
      because: 'A deny in an earlier tier is final, and no team’s policy can undo it.',
      lesson: 'This is how a platform team forbids something for everybody.',
    }),
    predict({
      stage: 'tier-passes',
      setting: 'The tier’s only rule passes red.',
      red: 'allowed',
      blue: 'denied',
      wrong: {
        'red and blue':
          'no rule of this tier names blue: how does a tier end for a pod that it selects?',
        'only blue': 'Pass does not deny: red goes on to the next tier',
        neither: 'what is passed has left the tier before its end',
      },
      hint: 'web is selected by a policy of the tier. What happens to what no rule of the tier decides?',
      because:
        'Red goes on to the next tier and is allowed there; blue meets the end of this one: Deny.',
      lesson: 'A tier that selects a pod must say something about all of its traffic.',
    }),
    predict({
      stage: 'end-of-tier',
      setting: 'The tier’s only rule denies red.',
      red: 'denied',
      blue: 'denied',
      wrong: {
        'red and blue': 'a rule denies red, and a Deny is final',
        'only blue': 'no rule names blue, and yet this tier has a last word about it',
        'only red': 'red is whom the rule denies',
      },
      hint: 'A tier ends with a deny for the pods that its policies select.',
      because: 'No rule denies blue: the end of the tier does.',
      lesson: 'The first policy of a tier also brings the default deny of that tier.',
    }),
    predict({
      stage: 'end-of-tier-pass',
      setting: 'The same, with `defaultAction: Pass` on the tier.',
      red: 'denied',
      blue: 'allowed',
      wrong: {
        'red and blue': 'the action at the end counts only where no rule has decided',
        'only red': 'the rule against red stands as it did',
        neither: 'the end of this tier is no longer a deny',
      },
      hint: 'The action at the end of a tier can be chosen (Calico 3.30 and later).',
      because:
        'What the tier does not decide is passed on, which is what a tier of exceptions wants.',
      lesson:
        'With Pass at its end a tier holds exceptions, and the teams’ policies decide the rest.',
    }),
    {
      id: 'network-set',
      task: 'Close web to a list of addresses, by a label, so that the list can change without the policy.',
      checks: [
        denied('banned.example', 'web:8080', 'its address is in a set with the label'),
        allowed('red', 'web:8080', 'the next rule allows everybody else'),
        holds(
          'network-set',
          'A set of banned addresses, denied by its label; everybody else is allowed.',
        ),
      ],
      hints: [
        'A GlobalNetworkSet carries labels, and a rule’s selector sees it like an endpoint.',
        'Deny by `list == "banned"`, then Allow.',
      ],
      solution: stage('network-set'),
      trials: trials['network-set'],
      because: 'A set is addresses with labels. Feeds fill it, policies never change.',
    },
  ],
  questions: [
    choose(
      {
        id: 'global-all',
        ask: 'A GlobalNetworkPolicy has `selector: all()` and nothing about namespaces. Whom does it select?',
        because:
          'Host endpoints are endpoints too. A policy against the metadata address that selects all() applies to the nodes themselves; `namespaceSelector: all()` restricts it to pods.',
      },
      'every pod and every host endpoint',
      ['every pod', 'pods are not the only endpoints that Calico knows'],
      ['every pod of `default`', 'a global policy belongs to no namespace'],
    ),
    choose(
      {
        id: 'final-allow',
        ask: 'A global policy denies the metadata address and then says `action: Allow`. What does the last rule do to later policies of that direction?',
        because:
          'Allow ends the evaluation: every egress policy that comes later is never asked, a default deny included. Pass, or no last rule in a tier that passes, is what is meant.',
      },
      'they are never asked',
      ['nothing', 'to go on to the next tier is Pass; an Allow does more than that'],
      [
        'they are asked for denied packets only',
        'a Deny is as final as an Allow: no later policy is evaluated for that packet',
      ],
    ),
    choose(
      {
        id: 'missing-label',
        ask: '`role != "web"`: does it match a pod without any label `role`?',
        because:
          'A missing label is not equal to anything; `has(role)` says that it must be there.',
      },
      'yes',
      ['no', 'it asks that the value is not web, and not that there is a value'],
      ['it is rejected', '!= is an operator of the selector language like =='],
    ),
  ],
});
