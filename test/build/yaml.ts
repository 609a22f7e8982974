/** Manifests of namespace `shop`, as a person writes them. */

export const workload = (kind: string, name: string, spec: string, api = 'apps/v1') => `
apiVersion: ${api}
kind: ${kind}
metadata: { name: ${name}, namespace: shop }
spec: ${spec}`;

export const template = (labels: string, rest = '') =>
  `{ metadata: { labels: ${labels} }, spec: { ${rest} containers: [{ name: c, image: i, ports: [{ containerPort: 80, name: http }] }] } }`;

export const deployment = (name: string, replicas: number, rest = '') =>
  workload(
    'Deployment',
    name,
    `{ replicas: ${replicas}, selector: { matchLabels: { app: ${name} } }, template: ${template(`{ app: ${name} }`, rest)} }`,
  );

export const pod = (name: string, spec = '', status = '{}', meta = '') => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${name} }${meta} }
spec: { ${spec} containers: [{ name: c }] }
status: ${status}`;

export const service = (name: string, spec: string, meta = '') => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop${meta} }
spec: ${spec}`;
