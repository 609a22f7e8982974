/**
 * Until when Kubernetes versions are in EKS' standard support. After that day a cluster costs six
 * times as much an hour, without anybody changing anything.
 */

/** Last day of standard support, by version (Amazon EKS user guide: release calendar, 2026-04-24). */
export const STANDARD_SUPPORT_ENDS: Readonly<Record<string, string>> = {
  '1.29': '2025-03-23',
  '1.30': '2025-07-23',
  '1.31': '2025-11-26',
  '1.32': '2026-03-23',
  '1.33': '2026-07-29',
  '1.34': '2026-12-02',
  '1.35': '2027-03-27',
  // The earliest possible: fourteen months after the upstream release.
  '1.36': '2027-06-22',
  '1.37': '2027-10-19',
};

export type Support =
  | { readonly kind: 'standard'; readonly until: string }
  | { readonly kind: 'extended'; readonly since: string }
  /** Newer than the table: a version is in standard support for its first 14 months. */
  | { readonly kind: 'newer-than-table' }
  | { readonly kind: 'unsupported' };

/** In which support a version is on a day (`2026-11-21`). */
export function supportOf(version: string, day: string): Support {
  const until = STANDARD_SUPPORT_ENDS[version];
  if (until !== undefined) {
    return day <= until ? { kind: 'standard', until } : { kind: 'extended', since: until };
  }
  const known = Object.keys(STANDARD_SUPPORT_ENDS).map(minor);
  const kind = minor(version) > Math.max(...known) ? 'newer-than-table' : 'unsupported';
  return { kind };
}

const minor = (version: string): number => Number(version.split('.')[1] ?? Number.NaN);
