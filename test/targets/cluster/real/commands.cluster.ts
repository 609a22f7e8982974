import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chartedLabs, stagesOf, synthesizeStage } from '../../../../charts';
import { objectsOf } from '../../../../lib/targets/cluster/cluster';
import { type RunResult, runProgram } from '../../../../lib/targets/cluster/run';
import { describeKubernetes } from './describe';
import { type House, openHouse } from './stage-control-plane';

const root = join(__dirname, '../../../..');

/** A whole call of kubectl, not a mere mention as in "`kubectl exec` finds nothing to enter". */
const CALL = /^kubectl (-n \S+ )?[a-z-]+ (\S+ )*\w/;
const MENTIONS = ['kubectl debug --target', 'kubectl create deployment'];

/** The lines of a lab's text that call kubectl, in order: in shell blocks, then in sentences. */
function linesOf(lab: string): readonly string[] {
  const text = readFileSync(join(root, 'labs', lab, 'README.md'), 'utf8');
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  const spoken = [...text.matchAll(/`(kubectl [^`]+)`/g)].map(([, line = '']) => line);
  const lines = [...blocks.flatMap((block) => block.split('\n')), ...spoken];
  return [...new Set(lines)].filter((line) => CALL.test(line) && !MENTIONS.includes(line));
}

/**
 * What asks for more than an API server has: nodes that run pods, or what add-ons bring. It is
 * understood all the same, and refused for that very reason.
 */
const MORE: readonly { readonly line: RegExp; readonly said: RegExp }[] = [
  { line: / exec /, said: /does not have a host assigned/ },
  { line: / describe node /, said: /nodes "[^"]+" not found/ },
  { line: / get configmap coredns /, said: /configmaps "coredns" not found/ },
  { line: / get daemonset aws-node/, said: /daemonsets.apps "aws-node" not found/ },
  { line: / logs deploy\/aws-load-/, said: /deployments.apps "aws-load-balancer-contr/ },
  { line: / delete deploy aws-load-/, said: /deployments.apps "aws-load-balancer-contr/ },
  { line: / port-forward service\/whisker /, said: /namespaces "calico-system" not found/ },
];

/** Adds a container to a running pod and waits for it: the server takes it, nobody runs it. */
const WAITS = / debug -it /;

const known = chartedLabs
  .map((lab) => ({ lab, lines: linesOf(lab) }))
  .filter(({ lines }) => lines.length > 0);

describeKubernetes("what the labs' texts have typed, answered by a real API server", () => {
  let house: House;
  const folder = mkdtempSync(join(tmpdir(), 'lab-commands-'));
  beforeAll(async () => {
    house = await openHouse(['*']);
  });
  afterAll(async () => {
    await house?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A line as a learner types it in a shell; an editor is closed again at once. */
  const type = (line: string): Promise<RunResult> => {
    const call = `${WAITS.test(line) ? 'timeout 5' : 'timeout 30'} ${house.kubectlCommand}`;
    const shell = `cd "$1" && export KUBE_EDITOR=true && kubectl() { ${call} "$@"; } && ${line}`;
    return runProgram('sh', ['-c', shell, 'sh', folder]);
  };

  test.each(known)('$lab', async ({ lab, lines }) => {
    mkdirSync(join(folder, 'dist', lab), { recursive: true });
    cpSync(join(root, 'labs', lab), join(folder, 'labs', lab), { recursive: true });
    const stages = stagesOf(lab).map((stage) => {
      const text = synthesizeStage(lab, stage, 'alone');
      writeFileSync(join(folder, 'dist', lab, `${stage}.k8s.yaml`), text);
      return objectsOf(text);
    });
    // One over the other, so that whatever a text names is there.
    for (const objects of stages) await house.move(objects, []);
    for (const line of lines) {
      const { code, stderr } = await type(line);
      const more = MORE.find((one) => one.line.test(line));
      if (more !== undefined)
        expect({ line, stderr }).toMatchObject({ stderr: expect.stringMatching(more.said) });
      else expect({ line, code, stderr }).toMatchObject({ code: WAITS.test(line) ? 124 : 0 });
    }
    await house.clear(stages.flat());
  });
});
