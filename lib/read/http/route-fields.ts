import { type FieldFate, type FieldTable, refused } from './fields';

/** Fields of the filters that a rule and a backend have alike. */
const filters = (at: string): FieldTable => ({
  [`${at}.type`]: 'served',
  [`${at}.requestHeaderModifier`]: 'served',
  [`${at}.responseHeaderModifier`]: 'served',
  [`${at}.cors`]: refused(
    'remove the filter: CORS is not served here (browsers enforce it, nothing else does)',
  ),
  [`${at}.extensionRef`]: refused('remove the filter: what it does is not part of Gateway API'),
  [`${at}.externalAuth`]: refused('remove the filter: requests are not authorized here'),
});

const inBackend: FieldFate = refused('write this filter in the rule; few controllers take it here');

/** Fields of an HTTPRoute (gateway.networking.k8s.io/v1, v1.6.3, with the experimental ones). */
export const HTTP_ROUTE_FIELDS: FieldTable = {
  'spec.parentRefs': 'served',
  'spec.hostnames': 'served',
  'spec.useDefaultGateways': refused('name the Gateway in parentRefs'),
  'spec.rules.name': 'no-effect',
  'spec.rules.matches.path': 'served',
  'spec.rules.matches.headers': 'served',
  'spec.rules.matches.queryParams': 'served',
  'spec.rules.matches.method': 'served',
  ...filters('spec.rules.filters'),
  'spec.rules.filters.requestMirror': 'served',
  'spec.rules.filters.requestRedirect': 'served',
  'spec.rules.filters.urlRewrite': 'served',
  'spec.rules.backendRefs.group': 'served',
  'spec.rules.backendRefs.kind': 'served',
  'spec.rules.backendRefs.name': 'served',
  'spec.rules.backendRefs.namespace': 'served',
  'spec.rules.backendRefs.port': 'served',
  'spec.rules.backendRefs.weight': 'served',
  ...filters('spec.rules.backendRefs.filters'),
  'spec.rules.backendRefs.filters.requestMirror': inBackend,
  'spec.rules.backendRefs.filters.requestRedirect': inBackend,
  'spec.rules.backendRefs.filters.urlRewrite': inBackend,
  'spec.rules.timeouts': 'served',
  'spec.rules.retry': 'no-effect',
  'spec.rules.sessionPersistence': 'no-effect',
};
