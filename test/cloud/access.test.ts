import { accessEntries, CLUSTER_ADMIN, closedTo } from '../../lib/account/deploy/admission';
import { cloudLabIds, environmentOf } from '../../lib/cloud/config/environments';
import { clusterNames } from '../../lib/model/lab-tags';
import { resources, type Synthesized, synthesize } from './synthesized';

const ADMIN =
  'arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0a1b';
const allowedCidrs = '203.0.113.7/32';
const clustered = cloudLabIds.filter((lab) => environmentOf(lab).cluster === 'eks');

const parsed = ({ templates }: Synthesized) =>
  Object.entries(templates).map(([name, body]) => ({ name, body }));

describe('who signs the token is admitted by every cluster as its administrator', () => {
  test.each(clustered.flatMap((lab) => ['small', 'production'].map((size) => ({ lab, size }))))(
    '$lab, $size',
    ({ lab, size }) => {
      const synthesized = synthesize({ lab, size, allowedCidrs, admin: ADMIN });
      const templates = parsed(synthesized);
      const clusters = resources(synthesized, 'cluster', 'AWS::EKS::Cluster');
      const expected = environmentOf(lab).peer === 'second-vpc' ? clusterNames(lab) : [lab];
      expect(clusters.map(({ Properties }) => Properties.Name)).toEqual(expected);
      expect(closedTo(ADMIN, templates)).toEqual([]);
      const own = accessEntries(templates).filter(({ principal }) => principal === ADMIN);
      expect(own.map(({ clusterWide }) => clusterWide)).toEqual(
        expected.map(() => [CLUSTER_ADMIN]),
      );
    },
  );

  test('another identity, and one that was not given, is not', () => {
    const lab = 'mc-1-two-clusters';
    const given = parsed(synthesize({ lab, size: 'small', allowedCidrs, admin: ADMIN }));
    expect(closedTo('arn:aws:iam::123456789012:role/other', given)).toHaveLength(2);
    expect(closedTo(ADMIN, parsed(synthesize({ lab, size: 'small' })))).toHaveLength(2);
  });

  test('the order of two administrators changes nothing', () => {
    const other = 'arn:aws:iam::123456789012:user/ops/ana';
    const [one, two] = [`${ADMIN},${other}`, `${other},${ADMIN}`].map(
      (admin) => synthesize({ lab: 'k8s-4-dns', admin }).templates['k8s-4-dns-cluster']?.Resources,
    );
    expect(new Set(Object.keys(one ?? {}))).toEqual(new Set(Object.keys(two ?? {})));
  });
});
