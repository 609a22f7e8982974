import { PLUGIN_CAPABILITIES } from '../lib/model/plugin-capability';
import { judgePlugin } from '../lib/runtime/cni/judge/judge';

// `cni-judge <capability> <plugin>`: judges one capability of a plugin, inside a lab's machine, and prints the verdict.
const [, , word, plugin = ''] = process.argv;
const capability = PLUGIN_CAPABILITIES.find((one) => one === word);
if (capability === undefined) {
  process.stderr.write(`use: cni-judge <${PLUGIN_CAPABILITIES.join('|')}> <plugin>\n`);
  process.exitCode = 2;
} else {
  judgePlugin(capability, plugin).then((verdict) =>
    process.stdout.write(`${JSON.stringify(verdict)}\n`),
  );
}
