import type { Arrow, OutsideHost } from '../../lib/lab/format';

/** What the application of the zero-trust labs really calls, DNS aside. */
export const CALLS: readonly Arrow[] = [
  'web -> api:8080',
  'api -> db:5432',
  'api -> payments/billing:8443',
  'api -> partner.example:443',
  'monitoring/prometheus -> web:8080',
  'monitoring/prometheus -> api:8080',
  'monitoring/prometheus -> payments/billing:8443',
];

/** Who stands outside: a partner, an address of a threat feed and a new one, and the metadata service. */
export const OUTSIDE: readonly OutsideHost[] = [
  { name: 'partner.example', addresses: ['198.51.100.20'], listens: [443] },
  { name: 'threat.example', addresses: ['203.0.113.66'], listens: [443] },
  { name: 'new-threat.example', addresses: ['203.0.113.67'], listens: [443] },
  { name: 'metadata', addresses: ['169.254.169.254'], listens: [80] },
];
