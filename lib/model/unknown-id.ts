/**
 * An id that only a deployment knows: `?` and what it is. No group, route table, network ACL or
 * subnet has such an id, so whatever asks for one finds nothing and must answer `unknown`.
 */
export const unknownId = (what: string): string => `? ${what}`;

export const isUnknownId = (id: string): boolean => id.startsWith('? ');

/** What an id that is not known is, in the template's own words. */
export const unknownIdText = (id: string): string => id.replace(/^\? /, '');
