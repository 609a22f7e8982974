import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tell, tenFlows } from '../report/ten-flows';

/** Writes what ten flows are told as: `node --import tsx test/golden/write-explanations.ts`. */
writeFileSync(join(__dirname, 'explanations.txt'), tenFlows().map(tell).join('\n'));
