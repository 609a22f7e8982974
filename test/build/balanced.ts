const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer-';

/**
 * A Service `shop/<name>` of type LoadBalancer before the pods with `app: web`. `told` are the AWS
 * Load Balancer Controller's annotations without their prefix.
 */
export const balancedService = (
  name: string,
  told: Readonly<Record<string, string>>,
  spec: object = {},
): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name,
    namespace: 'shop',
    annotations: Object.fromEntries(Object.entries(told).map(([k, v]) => [PREFIX + k, v])),
  },
  spec: {
    type: 'LoadBalancer',
    selector: { app: 'web' },
    ports: [{ port: 80, targetPort: 8080 }],
    ...spec,
  },
});

/** The pod with `app: web` in `shop` admits only this block. */
export const admit = (block: string): object => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'admit', namespace: 'shop' },
  spec: {
    podSelector: { matchLabels: { app: 'web' } },
    ingress: [{ from: [{ ipBlock: { cidr: block } }] }],
  },
});
