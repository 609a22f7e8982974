const { join } = require('node:path');
const { run } = require('jest');
const {
  globalSetup,
  globalTeardown,
  testSequencer,
  maxWorkers,
  ...base
} = require('../jest.config');

/**
 * The suites that need more than Node and take longer than `npm test`: their folder, how their files
 * end, and what must be there before. `node test/suite.js aws [options of jest]`.
 */
const build = { globalSetup, globalTeardown };
const own = (folder) => ({ globalSetup: `<rootDir>/${folder}/setup.ts` });
const SUITES = {
  book: { folder: 'test/book', ...build, testTimeout: 180_000 },
  aws: { folder: 'test/account/aws', ...own('test/account/aws') },
  cluster: { folder: 'test/targets/cluster/real', ...own('test/targets/cluster/real') },
  cni: { folder: 'test/cni', ...own('test/cni') },
  commands: { folder: 'test/commands', ...build },
  kyverno: { folder: 'test/kyverno', ...own('test/kyverno') },
  oracle: { folder: 'test/oracle', ...own('test/oracle') },
  rehearsal: {
    folder: 'test/rehearsal',
    ...own('test/rehearsal'),
    testTimeout: 600_000,
  },
  services: { folder: 'test/services', ...own('test/services') },
  schemas: { folder: 'test/schemas', ...own('test/schemas') },
};

const [name, ...options] = process.argv.slice(2);
const suite = SUITES[name];
if (suite === undefined) {
  console.error(`no suite is called ${name}; there are ${Object.keys(SUITES).join(', ')}`);
  process.exit(2);
}
const { folder, ...setup } = suite;
const config = {
  // The soft cleanup calls itself without end where one process runs several files (Jest 30).
  testEnvironmentOptions: { globalsCleanup: 'off' },
  ...base,
  testTimeout: 120_000,
  ...setup,
  rootDir: join(__dirname, '..'),
  roots: [`<rootDir>/${folder}`],
  testMatch: [`**/*.${name}.ts`],
};
run(['--config', JSON.stringify(config), '--verbose', ...options]);
