import { modeOf } from '../../../lib/runtime/doctor/capability';
import { examine } from '../../../lib/runtime/doctor/doctor';

/** A program for machines that lack something: what does the doctor say of them? */
async function main(): Promise<void> {
  const capabilities = await examine();
  const missing = capabilities.flatMap((one) =>
    one.kind === 'missing' ? [[one.id, `${one.why} | ${one.fix}`]] : [],
  );
  const answer = { mode: modeOf(capabilities), missing: Object.fromEntries(missing) };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

void main();
