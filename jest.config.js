const { availableParallelism } = require('node:os');

/** What @swc/jest is told, for our TypeScript and for packages that are written as modules. */
const swc = (parser) => [
  '@swc/jest',
  { jsc: { target: 'es2022', ...parser }, module: { type: 'commonjs' } },
];
const MODULES =
  '(@kubernetes/client-node|openid-client|oauth4webapi|jose|marked|hyparquet|hyparquet-compressors|hysnappy|fzstd|preact|preact-render-to-string)';

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  // Everything that tests import: `--watch` and `--findRelatedTests` follow imports within the roots.
  roots: ['bin', 'lib', 'charts', 'labs', 'test'].map((folder) => `<rootDir>/${folder}`),
  transform: {
    '^.+\\.ts$': swc({ parser: { syntax: 'typescript' } }),
    '^.+\\.tsx$': swc({
      parser: { syntax: 'typescript', tsx: true },
      transform: { react: { runtime: 'automatic', importSource: 'preact' } },
    }),
    [`/node_modules/${MODULES}/.+\\.m?js$`]: swc({}),
  },
  transformIgnorePatterns: [`/node_modules/(?!${MODULES}/)`],
  globalSetup: '<rootDir>/test/run-folder.ts',
  globalTeardown: '<rootDir>/test/run-folder-end.ts',
  setupFiles: ['<rootDir>/test/setup.ts'],
  reporters: ['default', '<rootDir>/test/closing-line.js'],
  testSequencer: '<rootDir>/test/longest-first.js',
  testTimeout: 60_000,
  // Packet tests wait for silence half of their time: two more than there are processors keep all busy.
  maxWorkers: availableParallelism() + 2,
};
