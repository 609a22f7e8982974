const { default: Sequencer } = require('@jest/test-sequencer');

// Files that take longest, in seconds on two cores. Begun last, one of them would run alone at the end; Jest
// knows times only from a run before, which a clean clone (and CI) has not had. A file that is not
// listed counts by its folder: packets wait for silence, so they begin early and others work meanwhile.
const SECONDS = {
  'packets/plan-vectors': 12,
  'packets/cli-kill': 12,
  'packets/runtime-kill': 11,
  'packets/plan-balancer': 10,
  'packets/cli-learner': 9,
  'packets/random-clusters': 8,
  'packets/vpc-shapes': 8,
  'cloud/validation': 7,
  'packets/runtime-cni': 6,
  'packets/vpc-random': 6,
  'packets/plan-datapath': 6,
  'packets/plan-random': 5,
  'packets/recommend': 5,
  'cloud/labs': 5,
  'reach/properties': 4,
  'snapshot/hostile': 4,
};

const secondsOf = ({ path }) => {
  const name = path.replace(/^.*\/test\//, '').replace(/\.test\.ts$/, '');
  return SECONDS[name] ?? (name.startsWith('packets/') ? 3 : 1);
};

/** A Jest sequencer: the longest first, as known here; of equals, the order is the name's. */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => secondsOf(b) - secondsOf(a) || (a.path < b.path ? -1 : 1));
  }
};
