import type { StateMachine } from '../../../../lib/cloud/expiry/machine';
import { PARTITION } from '../../../../lib/cloud/expiry/steps';
import { resources, type Synthesized } from '../../synthesized';

/** The expiry's machine as the template has it, its one substitution made. */
export function machineOf(lab: Synthesized): StateMachine {
  const [resource] = resources(lab, 'expiry', 'AWS::StepFunctions::StateMachine');
  const { Definition, DefinitionSubstitutions } = resource?.Properties ?? {};
  expect(DefinitionSubstitutions).toEqual({ [PARTITION]: { Ref: 'AWS::Partition' } });
  return JSON.parse(JSON.stringify(Definition).replaceAll(`\${${PARTITION}}`, 'aws'));
}
