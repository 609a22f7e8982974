// A Jest reporter: it names what was skipped and why; the last line of a run names how many passed, failed and were
// skipped, in one plain form.
module.exports = class ClosingLine {
  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests } = results;
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    const line = `${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped`;
    const lines = [...skippedByReason(results.testResults), line];
    // The default reporter writes its summary to stderr after this hook; exit is the first moment behind it.
    process.on('exit', () => process.stderr.write(`${lines.join('\n')}\n`));
  }
};

/** A line for each reason, with how many tests it skips. With `-t` nothing is named: most tests are left out there. */
function skippedByReason(files) {
  const counts = new Map();
  for (const { ancestorTitles, status, title } of files.flatMap((file) => file.testResults)) {
    const reason = /\(skipped: (.+?)\)$/m.exec([...ancestorTitles, title].join('\n'))?.[1];
    if (status !== 'pending' || reason === undefined) continue;
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(
    ([reason, count]) => `skipped: ${count} test${count === 1 ? '' : 's'}: ${reason}`,
  );
}
