// A Jest reporter: the last line of a run names how many passed and failed, in one plain form.
module.exports = class ClosingLine {
  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests } = results;
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    const line = `${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped\n`;
    // The default reporter writes its summary to stderr after this hook; exit is the first moment behind it.
    process.on('exit', () => process.stderr.write(line));
  }
};
