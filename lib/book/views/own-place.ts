import type { BookRoute } from '../route';

/** The address of the page of a person's own network. */
export type OwnRoute = Extract<BookRoute, { readonly view: 'own' }>;
