import type { StepTrials } from '../../lib/lab/trial';
import { alternative, mistake, typing } from '../../lib/lab/trial-words';

/** Where the learner's plugin is. */
export const PLUGIN = '/run/cni/bin/my-plugin';

const REFERENCE = '$LAB_HOME/labs/cni-5-your-plugin/reference';

/** Lines that install the reference plugin with some of its commands. */
export const installed = (commands: string): readonly string[] => [
  `sed 's/^DOES=.*/DOES="${commands}"/' ${REFERENCE}/plugin.sh > ${PLUGIN}`,
  `chmod +x ${PLUGIN}`,
];

/** The reference plugin with one place changed by sed(1). */
const changed = (commands: string, script: string) =>
  typing('host', ...installed(commands), `sed -i ${script} ${PLUGIN}`);

/** Between the look at a lease and its writing passes some time, as on a busy node. */
const SLOWLY = `-e 's/^pause=true.*/pause="sleep 0.3"/'`;

const python = alternative(
  'a plugin in Python, with one file of leases',
  typing('host', `cp ${REFERENCE}/plugin.py ${PLUGIN}`),
);

const [ADD, DEL, CHECK, GC, ALL] = [
  'VERSION ADD',
  'VERSION ADD DEL',
  'VERSION ADD DEL CHECK',
  'VERSION ADD DEL CHECK STATUS GC',
  'VERSION ADD DEL CHECK STATUS GC LOCK',
];

/** What the acceptance run tries at each step, by the step's id. */
export const trials = {
  version: {
    wrong: [
      mistake('nothing', 'no file is there'),
      mistake(
        'half',
        'it is not executable',
        typing('host', `cp ${REFERENCE}/plugin.sh ${PLUGIN}`, `chmod -x ${PLUGIN}`),
      ),
      mistake(
        'wrong-value',
        'it prints a text that is not JSON',
        changed('VERSION', `'s/^VERSION) echo.*/VERSION) echo 1.1.0 ;;/'`),
      ),
      mistake(
        'half',
        'an unknown command succeeds',
        changed('VERSION', `'s/|| fail 4 "CNI_COMMAND/|| echo "CNI_COMMAND/'`),
      ),
    ],
    alternatives: [python],
  },
  add: {
    wrong: [
      mistake(
        'wrong-value',
        'the address is always the same',
        changed(ADD, `'s/\\[ -e "$data\\/$address" \\] ||//'`),
      ),
      mistake(
        'wrong-value',
        'the subnet is not that of the configuration',
        changed(ADD, `'s/^subnet=$(get .subnet)/subnet=10.30.0.0\\/24/'`),
      ),
      mistake(
        'wrong-value',
        'the interface is always eth0',
        changed(ADD, `'s/peer name "$CNI_IFNAME"/peer name eth0/'`),
      ),
      mistake('half', 'the pod has no default route', changed(ADD, `'/route add default/d'`)),
      mistake('half', 'the host has no route to the pod', changed(ADD, `'/ip route replace/d'`)),
      mistake('half', 'the result has no interfaces', changed(ADD, `'/interfaces: \\[/d'`)),
    ],
    alternatives: [python],
  },
  delete: {
    wrong: [
      mistake(
        'half',
        'the address is not given back',
        changed(DEL, `'s/^  local lease; lease=.*/  true/'`),
      ),
      mistake('half', 'the interface stays', changed(DEL, `'/^del() {/,/^}/{/ip link del/d}'`)),
      mistake(
        'half',
        'a second DEL fails',
        changed(
          DEL,
          `'/^del() {/,/^}/{s/ip link del "$host" 2>.dev.null/ip link del "$host" || fail 1 gone/}'`,
        ),
      ),
      mistake(
        'wrong-value',
        'a full subnet gives its network address',
        changed(DEL, `'s/|| fail 11 "the subnet $subnet is full"/|| address=\${subnet%\\/*}/'`),
      ),
    ],
    alternatives: [python],
  },
  check: {
    wrong: [
      mistake(
        'nothing',
        'CHECK always succeeds',
        changed(CHECK, `'s/^CHECK) check ;;/CHECK) ;;/'`),
      ),
      mistake('half', 'the route is not looked at', changed(CHECK, `'/route show default/d'`)),
      mistake('half', 'the address is not compared', changed(CHECK, `'s/ and any(.*== $want)//'`)),
      mistake(
        'wrong-means',
        'CHECK repairs the address',
        changed(
          CHECK,
          `'s/^CHECK) check ;;/CHECK) ip -n "$pod" addr replace "$(get .prevResult.ips[0].address)" dev "$CNI_IFNAME"; check ;;/'`,
        ),
      ),
    ],
    alternatives: [python],
  },
  collect: {
    wrong: [
      mistake('nothing', 'GC does nothing', changed(GC, `'s/^GC) collect ;;/GC) ;;/'`)),
      mistake(
        'too-open',
        'GC frees everything',
        changed(GC, `'s/^GC) collect ;;/GC) rm -f "$data"\\/* ;;/'`),
      ),
      mistake('half', 'STATUS always succeeds', changed(GC, `'s/^STATUS) .*/STATUS) ;;/'`)),
      mistake('half', 'STATUS prints a text', changed(GC, `'s/^STATUS) /STATUS) echo ready; /'`)),
    ],
    alternatives: [python],
  },
  parallel: {
    wrong: [
      mistake('nothing', 'there is no lock', changed(GC, SLOWLY)),
      mistake(
        'half',
        'a second call is refused while another runs',
        changed(ALL, `'s/flock 9;/flock -n 9 || fail 11 busy;/'`),
      ),
      mistake(
        'half',
        'the lock is let go before the list is written',
        changed(ALL, `${SLOWLY} -e 's/flock 9;/flock 9; flock -u 9;/'`),
      ),
      mistake(
        'wrong-value',
        'each call locks a file of its own',
        changed(ALL, `${SLOWLY} -e 's/exec 9>"$data.lock"/exec 9>"$data.$$.lock"/'`),
      ),
    ],
    alternatives: [python],
  },
} satisfies Readonly<Record<string, StepTrials>>;
