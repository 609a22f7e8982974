const { appendFileSync } = require('node:fs');

// In every test file of a mutant run: switches the one mutant on that the run is about, and writes
// down which mutants this file reaches.
const { LAB_MUTANT, LAB_MUTANT_HITS } = process.env;
const on = Number(LAB_MUTANT ?? 0);
const reached = new Set();

globalThis.__mutant = (id) => {
  if (LAB_MUTANT_HITS !== undefined && !reached.has(id)) {
    reached.add(id);
    const file = expect.getState().testPath ?? '';
    appendFileSync(LAB_MUTANT_HITS, `${JSON.stringify({ id, file })}\n`);
  }
  return id === on;
};
