import fc from 'fast-check';

// Template validation costs seconds per stack; one dedicated test turns it on again.
process.env.CDK_VALIDATION ??= 'false';

// In CI the seed stands still, so that a red run is the change's doing; on a person's machine every
// run looks somewhere new, and prints the seed of what it finds.
if (process.env.CI !== undefined) fc.configureGlobal({ seed: 20261121 });
