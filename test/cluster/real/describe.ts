/** `describe` where Kubernetes could be built; elsewhere skipped, and the name says why. */
export const describeKubernetes = (name: string, tests: () => void): void => {
  const reason = process.env.NO_KUBERNETES;
  if (reason === undefined) describe(name, tests);
  else describe.skip(`${name} (skipped: ${reason})`, tests);
};
