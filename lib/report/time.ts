/** Time from now until an ISO 8601 time: `7 h 59 min`; `0 h 0 min` where it has passed. */
export function timeLeft(until: string): string {
  const minutes = Math.max(0, Math.round((Date.parse(until) - Date.now()) / 60_000));
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
