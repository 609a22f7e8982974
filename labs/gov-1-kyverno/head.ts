import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 45,
  outcomes: [
    'refuse objects at admission',
    'generate and mutate objects',
    'separate admission from packet filtering',
  ],
  conclusion:
    'Admission decides about objects before they are stored; a network policy decides about packets afterwards.',
  links: [
    { title: 'Kyverno policies', url: 'https://kyverno.io/docs/policy-types/' },
    {
      title: 'Validate rules, Kyverno',
      url: 'https://kyverno.io/docs/policy-types/cluster-policy/validate/',
    },
    {
      title: 'Generate rules, Kyverno',
      url: 'https://kyverno.io/docs/policy-types/cluster-policy/generate/',
    },
    {
      title: 'Dynamic admission control, Kubernetes',
      url: 'https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/',
    },
  ],
});
