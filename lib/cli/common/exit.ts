/** What the process ends with: right; a check failed or something differs; used wrongly or cannot run here. */
export const EXIT = { right: 0, differs: 1, unusable: 2, interrupted: 130 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
