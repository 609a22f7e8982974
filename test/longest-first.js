const { default: Sequencer } = require('@jest/test-sequencer');

// Files that take longest, in seconds on two cores. Begun last, one of them would run alone at the end; Jest
// knows times only from a run before, which a clean clone (and CI) has not had. A file that is not
// listed counts by its folder: packets wait for silence, so they begin early and others work meanwhile.
const SECONDS = {
  'packets/plan/vectors': 12,
  'packets/serve/kill': 20,
  'packets/serve/together': 13,
  'packets/cli/kill': 12,
  'packets/serve/lab': 11,
  'packets/cni/lab': 11,
  'packets/runtime/kill': 11,
  'packets/random-clusters': 10,
  'packets/plan/balancer': 10,
  'packets/cni/cni': 9,
  'packets/vpc/shapes': 8,
  'packets/vpc/clusters': 8,
  'packets/cli/learner': 7,
  'packets/speed': 7,
  'cloud/validation': 7,
  'packets/cni/places': 6,
  'packets/vpc/random': 6,
  'packets/plan/datapath': 6,
  'cloud/labs': 6,
  'cli/account': 5,
  'reach/properties': 4,
  'dataplane/plan': 4,
  'read/schema/hostile': 4,
  'cloud/expiry/run': 3,
};

const secondsOf = ({ path }) => {
  const name = path.replace(/^.*\/test\//, '').replace(/\.test\.ts$/, '');
  return SECONDS[name] ?? (name.startsWith('packets/') ? 3 : 1);
};

/** A Jest sequencer: the longest first, as known here; of equals, the order is the name's. */
module.exports = class LongestFirst extends Sequencer {
  static NAMES = Object.keys(SECONDS);

  sort(tests) {
    return [...tests].sort((a, b) => secondsOf(b) - secondsOf(a) || (a.path < b.path ? -1 : 1));
  }
};
