import { netnsOf } from '../../dataplane/names';
import { probeOf } from '../../dataplane/probes';
import type { WireCheck } from '../../lab/check';
import { type CheckResult, wrong } from '../../lab/check-result';
import { flowsOf } from '../../lab/resolve';
import { addressesOf, type CheckContext, endpointsOf, isAt } from './context';
import { checkWire } from './wire';

/**
 * Looks at the headers of a flow in a cluster's network. Where the check looks `at` the workload the
 * flow goes to, it looks at the pod of it that this flow goes to.
 */
export async function checkHeaders(
  check: WireCheck,
  { scope, local }: CheckContext,
): Promise<CheckResult> {
  const [flow] = flowsOf(check, scope);
  const places = endpointsOf(check.at.in, scope);
  const place =
    places.find((one) => flow !== undefined && isAt(one, flow.to)) ??
    places.find((one) => flow !== undefined && isAt(one, flow.from)) ??
    places[0];
  if (flow === undefined || place === undefined) {
    return wrong(check, {
      saw: 'nothing to try',
      means: `nothing is called ${check.from}, ${check.to} or ${check.at.in} now`,
      look: 'lab matrix',
    });
  }
  const { source, destination } = check.expect;
  return checkWire(check, {
    sandbox: local.sandbox,
    probe: probeOf(scope.world, flow),
    at: { netns: netnsOf(place), device: check.at.device },
    ...(source === undefined ? {} : { sources: addressesOf(source, scope) }),
    ...(destination === undefined ? {} : { destinations: addressesOf(destination, scope) }),
  });
}
