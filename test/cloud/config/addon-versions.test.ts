import { ADDON_VERSIONS, isPinned, olderThan } from '../../../lib/cloud/config/addon-versions';
import { cloudLabIds, environmentOf } from '../../../lib/cloud/config/environments';
import { KUBERNETES_RELEASES, VERSIONS_CHECKED } from '../../../lib/cloud/config/versions';
import { resources, synthesize } from '../synthesized';

test('every Kubernetes version that can be asked for has a row', () => {
  const offered = KUBERNETES_RELEASES.filter(
    ({ kubectlLayer, calico }) => kubectlLayer !== 'none' && !('missing' in calico),
  );
  expect(offered.filter(({ version }) => !isPinned(version))).toEqual([]);
});

test('kube-proxy has the minor version of its cluster', () => {
  for (const [kubernetes, addons] of Object.entries(ADDON_VERSIONS)) {
    expect(addons['kube-proxy'].version).toMatch(new RegExp(`^v${kubernetes}\\.`));
  }
});

test('on the day of the table nothing is older than six months; later each is named', () => {
  expect(olderThan(6, VERSIONS_CHECKED)).toEqual([]);
  expect(olderThan(6, '2027-03-01')).toHaveLength(12);
  expect(olderThan(6, '2027-03-01')).toContain('1.35 coredns v1.14.3-eksbuild.3');
});

// EKS best practices guide, nftables: VPC CNI works with that mode from 1.23.0 on.
test('a lab with nftables has a VPC CNI that works with it', () => {
  const [, minor] = /^v1\.(\d+)/.exec(ADDON_VERSIONS['1.35']['vpc-cni'].version) ?? [];
  expect(Number(minor)).toBeGreaterThanOrEqual(23);
});

test.each(cloudLabIds.filter((lab) => environmentOf(lab).cluster === 'eks'))(
  '%s: no add-on takes the default version of the day',
  (lab) => {
    const addons = resources(synthesize({ lab, size: 'small' }), 'cluster', 'AWS::EKS::Addon');
    const versions = Object.values(ADDON_VERSIONS['1.35']).map(({ version }) => version);
    expect(addons.length).toBeGreaterThanOrEqual(4);
    for (const { Properties } of addons) expect(versions).toContain(Properties.AddonVersion);
  },
);
