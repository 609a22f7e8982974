/** A learner's first Calico lab: policies as one writes them before one knows where they look. */
export const FIRST_CALICO_LAB = `
apiVersion: v1
kind: Namespace
metadata: { name: policy-test }
---
apiVersion: v1
kind: Pod
metadata: { name: nginx-1, namespace: policy-test, labels: { app: web } }
spec: { containers: [{ name: nginx, image: nginx, ports: [{ containerPort: 80 }] }] }
---
apiVersion: v1
kind: Pod
metadata: { name: client, namespace: policy-test, labels: { app: client } }
spec: { containers: [{ name: alpine, image: alpine }] }
---
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: { name: default-deny, namespace: policy-test }
spec: { selector: all(), types: [Ingress, Egress] }
---
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: { name: allow-dns, namespace: policy-test }
spec:
  selector: all()
  types: [Egress]
  egress:
    - action: Allow
      protocol: UDP
      destination: { selector: k8s-app == "kube-dns", ports: [53] }
---
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: { name: allow-web, namespace: policy-test }
spec:
  selector: app == 'web'
  types: [Ingress]
  ingress:
    - action: Allow
      protocol: TCP
      destination: { ports: [80] }
      source: { selector: app == 'client' }
`;

/** A database that may only be asked by its backend, and itself ask for names and make backups. */
export const DATABASE = `
apiVersion: v1
kind: Pod
metadata: { name: db, labels: { app: database } }
spec: { containers: [{ name: mysql, ports: [{ containerPort: 3306 }] }] }
---
apiVersion: v1
kind: Pod
metadata: { name: backend, labels: { app: backend } }
spec: { containers: [{ name: api, ports: [{ containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: db }
spec: { selector: { app: database }, ports: [{ port: 3306 }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db-network-policy }
spec:
  podSelector: { matchLabels: { app: database } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app: backend } } }]
      ports: [{ protocol: TCP, port: 3306 }]
  egress:
    - to: [{ namespaceSelector: { matchLabels: { name: kube-system } } }]
      ports: [{ protocol: UDP, port: 53 }]
    - to: [{ ipBlock: { cidr: 10.0.5.0/24 } }]
      ports: [{ protocol: TCP, port: 22 }]
`;

/** "Allow only from the same namespace", beside a policy that closes egress as well. */
export const SAME_NAMESPACE = `
apiVersion: v1
kind: Pod
metadata: { name: a, namespace: production, labels: { app: a } }
spec: { containers: [{ name: c, ports: [{ containerPort: 80 }] }] }
---
apiVersion: v1
kind: Pod
metadata: { name: b, namespace: production, labels: { app: b } }
spec: { containers: [{ name: c, ports: [{ containerPort: 80 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: a, namespace: production }
spec: { selector: { app: a }, ports: [{ port: 80 }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny-all, namespace: production }
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: allow-same-namespace, namespace: production }
spec: { podSelector: {}, policyTypes: [Ingress], ingress: [{ from: [{ podSelector: {} }] }] }
`;

/** Three tiers where the middle may be called and call, and only that is written down. */
export const THREE_TIERS = `
apiVersion: v1
kind: Pod
metadata: { name: frontend, labels: { tier: frontend } }
spec: { containers: [{ name: c, ports: [{ containerPort: 80 }] }] }
---
apiVersion: v1
kind: Pod
metadata: { name: backend, labels: { tier: backend } }
spec: { containers: [{ name: c, ports: [{ containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Pod
metadata: { name: database, labels: { tier: database } }
spec: { containers: [{ name: c, ports: [{ containerPort: 5432 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: backend }
spec: { selector: { tier: backend }, ports: [{ port: 8080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: database }
spec: { selector: { tier: database }, ports: [{ port: 5432 }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: backend-policy }
spec:
  podSelector: { matchLabels: { tier: backend } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from: [{ podSelector: { matchLabels: { tier: frontend } } }]
      ports: [{ protocol: TCP, port: 8080 }]
  egress:
    - to: [{ namespaceSelector: {} }]
      ports: [{ protocol: UDP, port: 53 }]
    - to: [{ podSelector: { matchLabels: { tier: database } } }]
      ports: [{ protocol: TCP, port: 5432 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: database-policy }
spec:
  podSelector: { matchLabels: { tier: database } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { tier: backend } } }]
      ports: [{ protocol: TCP, port: 5432 }]
`;
