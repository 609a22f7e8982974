import { recommendFor } from './recommend';

/** What this script leaves in the worker: it loads when flow records may come, not with the first page. */
export type Recommender = typeof recommendFor;

(globalThis as { labBookRecommender?: Recommender }).labBookRecommender = recommendFor;
