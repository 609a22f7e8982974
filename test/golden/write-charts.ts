import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartedLabs, stagesOf, synthesizeStage } from '../../charts';

/** Writes what the charts synthesize now: `node --import tsx test/golden/write-charts.ts`; read the diff. */
const root = join(__dirname, 'charts');
rmSync(root, { recursive: true, force: true });
for (const lab of chartedLabs) {
  mkdirSync(join(root, lab), { recursive: true });
  for (const stage of stagesOf(lab))
    writeFileSync(join(root, lab, `${stage}.k8s.yaml`), synthesizeStage(lab, stage));
}
