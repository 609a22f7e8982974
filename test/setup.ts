// Template validation costs seconds per stack; one dedicated test turns it on again.
process.env.CDK_VALIDATION ??= 'false';
