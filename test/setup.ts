// Template validation costs seconds per stack; one dedicated test turns it on again.
process.env.CDK_VALIDATION ??= 'false';

// In CI the seed stands still, so that a red run is the change's doing; on a person's machine every
// run looks somewhere new, and prints the seed of what it finds. Only files that import it load it.
if (process.env.CI !== undefined) {
  jest.mock('fast-check', () => {
    const fc = jest.requireActual<typeof import('fast-check')>('fast-check');
    fc.configureGlobal({ seed: 20261121 });
    return fc;
  });
}
