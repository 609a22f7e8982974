import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 45,
  outcomes: [
    'predict the outcome of tiers, orders and actions',
    'write policies that decide in the intended order',
    'use Pass and global policies',
  ],
  conclusion:
    'The first rule that decides in tier order and policy order wins, and the end of a tier denies what its policies selected and did not decide.',
  links: [
    {
      title: 'Policy tiers, Calico',
      url: 'https://docs.tigera.io/calico/latest/network-policy/policy-tiers/tiered-policy',
    },
    {
      title: 'GlobalNetworkPolicy resource, Calico',
      url: 'https://docs.tigera.io/calico/latest/reference/resources/globalnetworkpolicy',
    },
    {
      title: 'Tier resource, Calico',
      url: 'https://docs.tigera.io/calico/latest/reference/resources/tier',
    },
    {
      title: 'NetworkSet resource, Calico',
      url: 'https://docs.tigera.io/calico/latest/reference/resources/networkset',
    },
  ],
});
