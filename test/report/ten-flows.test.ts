import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tell, tenFlows } from './ten-flows';

/** Rewritten by `test/golden/write-explanations.ts`; a change there is read by a person. */
const golden = readFileSync(join(__dirname, '../golden/explanations.txt'), 'utf8');

const told = tenFlows().map((one) => ({ title: one.title, text: tell(one) }));

test('ten flows are told as they were', () => {
  expect(told.map(({ text }) => text).join('\n')).toBe(golden);
});

test.each`
  title                                                          | line
  ${'allowed: a rule on each side'}                              | ${'NetworkPolicy shop/db, spec.ingress[0], allows shop/web on TCP 5432'}
  ${'denied: both sides are closed'}                             | ${'NetworkPolicy shop/default-deny isolates shop/db for ingress and has no ingress rule'}
  ${'denied: one port is missing'}                               | ${'add TCP 22 to the ports of spec.ingress[0] of NetworkPolicy shop/db'}
  ${'allowed by address, cut at DNS'}                            | ${'but by name it fails before that: shop/web cannot ask svc:kube-system/kube-dns'}
  ${'denied at the end of a tier'}                               | ${'and tier audit ends in a denial'}
  ${'allowed by Pass'}                                           | ${'passes shop/web on TCP 5432 on, past the rest of its tier'}
  ${'denied by an administrator, whatever the namespace allows'} | ${'ClusterNetworkPolicy no-databases, spec.ingress[0], denies shop/web on TCP 5432'}
  ${'no route: nobody stands behind the Service'}                | ${'has no ready endpoint, so kube-proxy rejects the connection'}
  ${'through the VPC, between two zones'}                        | ${'interface node-b/eth1  ingress allowed by nodes'}
  ${'denied: the network ACL forgot the replies'}                | ${'that allows TCP 1024-65535: replies go to the port that the client took'}
`('$title: $line', ({ title, line }) => {
  expect(told.find((one) => one.title === title)?.text).toContain(line);
});
