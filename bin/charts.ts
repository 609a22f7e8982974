import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartedLabs, stagesOf, synthesizeStage } from '../charts';

/** `npx cdk8s synth`: one file for each lab and stage, `dist/<lab>/<stage>.k8s.yaml`, each applicable by itself. */
const out = process.env.CDK8S_OUTDIR ?? 'dist';

for (const lab of chartedLabs) {
  mkdirSync(join(out, lab), { recursive: true });
  for (const stage of stagesOf(lab))
    writeFileSync(join(out, lab, `${stage}.k8s.yaml`), synthesizeStage(lab, stage, 'alone'));
}
