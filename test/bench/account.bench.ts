import { costOf } from '../../lib/account/cost/cost';
import { awsAccount } from '../../lib/account/teardown/aws-account';
import { planSweep, sweep } from '../../lib/account/teardown/sweep';
import { systemClock } from '../../lib/model/clock';
import { buildHouse } from '../account/aws/leftover-network';
import { installMoto, startMoto, testAws } from '../account/aws/moto';

const LAB = 'bench';

/** A sweep of 500 leftovers against an emulated AWS (target 30 s), and a cost (target 1 s). */
async function main(): Promise<void> {
  benchCost();
  const problem = installMoto();
  if (problem !== undefined) {
    console.log(`account: sweep not measured: ${problem}`);
    return;
  }
  const moto = await startMoto();
  const aws = testAws(moto.endpoint);
  try {
    const shape = { interfaces: 360, volumes: 112 };
    await buildHouse(aws, { owner: { kind: 'lab', lab: LAB }, cluster: LAB, ...shape });
    const account = awsAccount(aws);
    const { ours } = await planSweep(account, LAB);
    const start = performance.now();
    const { left } = await sweep(account, { lab: LAB, clock: systemClock, pauseMs: 100 });
    const seconds = (performance.now() - start) / 1000;
    const rate = ours.length / seconds;
    console.log(
      `account: ${ours.length} leftovers swept in ${seconds.toFixed(1)} s` +
        ` (${rate.toFixed(0)} a second, target 30 s for 500), ${left.length} left`,
    );
  } finally {
    aws.close();
    await moto.stop();
  }
}

function benchCost(): void {
  const Resources = Object.fromEntries(
    Array.from({ length: 500 }, (_, i) => [
      `R${i}`,
      { Type: ['AWS::EC2::EIP', 'AWS::EKS::Nodegroup', 'AWS::EC2::Subnet'][i % 3], Properties: {} },
    ]),
  );
  const times = Array.from({ length: 21 }, () => {
    const start = performance.now();
    costOf([{ name: 'big', body: { Resources } }], { day: '2026-11-21' });
    return performance.now() - start;
  }).sort((a, b) => a - b);
  console.log(
    `account: cost of 500 resources, median ${times[10]?.toFixed(2)} ms (target 1,000 ms)`,
  );
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
