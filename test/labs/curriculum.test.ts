import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { labs } from '../../labs';
import { isCloudLab } from '../../lib/cloud/config/environments';
import { renderCurriculum } from '../../lib/lab/curriculum';

/** Ids are public: a lab may be added, none may be renamed or lost. */
const IDS =
  `linux-1-veth linux-2-bridge linux-3-nat linux-4-firewall linux-5-capture linux-6-container
linux-7-drivers cni-1-plugin cni-2-ipam cni-3-compare cni-4-anatomy
cni-5-your-plugin k8s-1-pods k8s-2-services
k8s-3-kube-proxy k8s-4-dns k8s-5-network-policy k8s-6-ingress k8s-7-troubleshoot aws-1-vpc
aws-2-sg-nacl aws-3-vpc-cni aws-4-load-balancers aws-5-path calico-1-policy-basics calico-2-order
calico-3-platform zt-1-map zt-2-audit zt-3-enforce zt-4-egress zt-5-rollout gov-1-kyverno
mesh-1-mtls mesh-2-canary obs-1-observe mc-1-two-clusters capstone`.split(/\s+/);

test('every lab of the curriculum is there, in its order', () => {
  expect(labs.map(({ id }) => id)).toEqual(IDS);
});

test('the table of labs is what the labs say', () => {
  const text = readFileSync(join(__dirname, '../../labs/README.md'), 'utf8');
  expect(text.slice(text.indexOf('## Level 1: Linux\n'))).toBe(renderCurriculum(labs));
});

/**
 * Labs whose lesson no probe inside a cluster shows (labs/REMOTE.md): `cdk deploy` brings their cloud
 * up to be looked at, and `lab up` does not claim that their steps can be checked there.
 */
const UNCHECKED = ['aws-2-sg-nacl', 'aws-4-load-balancers', 'zt-4-egress', 'mc-1-two-clusters'];

test('a lab that runs on EKS has a cloud there, and few others have', () => {
  for (const { id, targets } of labs)
    expect({ id, cloud: isCloudLab(id) }).toEqual({
      id,
      cloud: targets.includes('eks') || UNCHECKED.includes(id),
    });
  expect(
    labs.filter(({ id, targets }) => UNCHECKED.includes(id) && targets.includes('eks')),
  ).toEqual([]);
});
