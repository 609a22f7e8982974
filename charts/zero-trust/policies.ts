import { chart } from '../chart';
import { app, appIn, networkPolicy } from '../policies/network-policy';
import { tcp } from '../policies/ports';
import { PARTNER } from './application';

/** Every call inside `shop`, at both of its ends. */
export const ShopPaths = chart((scope) => {
  networkPolicy(scope, 'shop/web', {
    podSelector: { matchLabels: { app: 'web' } },
    policyTypes: ['Egress'],
    egress: [{ to: [app('api')], ports: [tcp(8080)] }],
  });
  networkPolicy(scope, 'shop/api', {
    podSelector: { matchLabels: { app: 'api' } },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{ from: [app('web')], ports: [tcp(8080)] }],
    egress: [
      { to: [app('db')], ports: [tcp(5432)] },
      { to: [appIn('payments', 'billing')], ports: [tcp(8443)] },
    ],
  });
  networkPolicy(scope, 'shop/db', {
    podSelector: { matchLabels: { app: 'db' } },
    policyTypes: ['Ingress'],
    ingress: [{ from: [app('api')], ports: [tcp(5432)] }],
  });
});

/** The one call that leaves the cluster, to one address. */
export const PartnerEgress = chart((scope) =>
  networkPolicy(scope, 'shop/api-to-partner', {
    podSelector: { matchLabels: { app: 'api' } },
    policyTypes: ['Egress'],
    egress: [{ to: [{ ipBlock: { cidr: `${PARTNER}/32` } }], ports: [tcp(443)] }],
  }),
);

/** billing accepts calls from api only. */
export const PaymentsPaths = chart((scope) =>
  networkPolicy(scope, 'payments/billing', {
    podSelector: { matchLabels: { app: 'billing' } },
    policyTypes: ['Ingress'],
    ingress: [{ from: [appIn('shop', 'api')], ports: [tcp(8443)] }],
  }),
);
