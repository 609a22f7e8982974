import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartedLabs, stagesOf } from '../../charts';
import { labs } from '../../labs';
import { textLines } from '../commands/texts';

const root = join(__dirname, '../..');
const commands = join(root, 'lib/cli/commands');
const cli = readdirSync(commands).map((file) => readFileSync(join(commands, file), 'utf8'));
/** Names of the tool's commands, as they are registered. */
const COMMANDS = new Set(
  cli.flatMap((text) => [...text.matchAll(/\.command\('([a-z]+)/g)].map(([, name]) => name)),
);

/** Programs a learner may be told to start; each is somewhere a package or part of the system. */
const PROGRAMS = new Set(
  `aws bridge calicoctl cat chmod conntrack crictl docker echo export grep ip iperf3 iptables iptables-save istioctl kind
kubectl cp dig lab ls lsns nft node npm npx nsenter printf sed sleep suricata sysctl tc tcpdump tshark unshare for valid=$(for ! wg`.split(
    /\s+/,
  ),
);

const texts = [...labs.map(({ id }) => id), ''].map((id) => ({
  id,
  lines: textLines.filter((one) => one.id === id).map(({ line }) => line),
}));

test.each(textLines)('$id: $line', ({ line }) => {
  const [program = '', ...args] = line.replace(/^(! )?([A-Z_]+=\S* )*/, '').split(/\s+/);
  if (!/^(\$LAB_HOME\/bin|\/run)\//.test(program)) expect(PROGRAMS).toContain(program);
  if (program === 'lab') expect(COMMANDS).toContain(args[0]);
  if (program === 'lab' && args[0] === 'up') expect(labs.map(({ id }) => id)).toContain(args[1]);
  for (const [, lab = '', stage = ''] of line.matchAll(/dist\/([\w-]+)\/([\w-]+)\.k8s\.yaml/g)) {
    expect(chartedLabs).toContain(lab);
    expect(stagesOf(lab)).toContain(stage);
  }
  for (const [, path = ''] of line.matchAll(/(?:-f|--config) (labs\/\S+)/g))
    expect(existsSync(join(root, path))).toBe(true);
});

test('a stage that a text names is one of its lab', () => {
  for (const { id, lines } of texts)
    for (const [, stage = ''] of lines.join('\n').matchAll(/^lab stage ([\w-]+)$/gm))
      expect({ id, stages: stagesOf(id) }).toEqual({
        id,
        stages: expect.arrayContaining([stage]),
      });
});
