import type { StepTrials } from '../../lib/lab/trial';
import {
  alternative,
  applying,
  beyond,
  calicoPolicy,
  closingMistakes,
  isolates,
  mistake,
} from '../../lib/lab/trial-words';

/** What the acceptance run tries at each step, by the step's id. */
export const trials = {
  'stage-deny': {
    wrong: [
      ...closingMistakes('shop', 'staged-deny'),
      mistake(
        'wrong-means',
        'it is enforced, not staged',
        applying(isolates('shop', 'Ingress', 'Egress')),
      ),
      mistake(
        'one-direction',
        'what leaves is not listed',
        applying(
          calicoPolicy(
            'shop/deny',
            { selector: 'all()', types: ['Ingress'], stagedAction: 'Set' },
            'StagedNetworkPolicy',
          ),
        ),
      ),
    ],
    alternatives: [
      alternative(
        'the staged policy has another name',
        applying(
          calicoPolicy(
            'shop/deny',
            { selector: 'all()', types: ['Ingress', 'Egress'], stagedAction: 'Set' },
            'StagedNetworkPolicy',
          ),
        ),
      ),
    ],
  },
  draft: {
    wrong: [
      ...closingMistakes('shop', 'draft'),
      mistake(
        'wrong-means',
        'it is enforced, not staged',
        applying(isolates('shop', 'Ingress', 'Egress')),
      ),
      mistake(
        'too-open',
        'the rules name no port',
        ...beyond(
          'draft',
          calicoPolicy(
            'shop/web',
            {
              stagedAction: 'Set',
              selector: "app == 'web'",
              types: ['Egress'],
              egress: [
                { action: 'Allow', protocol: 'TCP', destination: { selector: "app == 'api'" } },
              ],
            },
            'StagedNetworkPolicy',
          ),
          calicoPolicy(
            'shop/api',
            {
              stagedAction: 'Set',
              selector: "app == 'api'",
              types: ['Ingress'],
              ingress: [{ action: 'Allow', protocol: 'TCP', source: { selector: "app == 'web'" } }],
            },
            'StagedNetworkPolicy',
          ),
        ),
      ),
    ],
  },
  refine: {
    wrong: [
      ...closingMistakes('shop', 'refined'),
      mistake(
        'wrong-means',
        'it is enforced, not staged',
        applying(isolates('shop', 'Ingress', 'Egress')),
      ),
    ],
  },
} satisfies Readonly<Record<string, StepTrials>>;
