import { installJudge } from './install';

/** Builds the judge before the suite; the suite names what is missing where it cannot. */
export default function setup(): void {
  const missing = installJudge();
  if (missing === undefined) return;
  if (process.env.CI === 'true') throw new Error(missing);
  process.env.SERVICES_JUDGE_MISSING = missing;
}
