import { Role, type RoleProps, ServicePrincipal, SessionTagsPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * A role that pods take through the EKS Pod Identity agent, which also tags the session with
 * cluster, namespace and service account (EKS user guide, Pod Identity role).
 */
export const podRole = (scope: Construct, id: string, props: Omit<RoleProps, 'assumedBy'>): Role =>
  new Role(scope, id, {
    ...props,
    assumedBy: new SessionTagsPrincipal(new ServicePrincipal('pods.eks.amazonaws.com')),
  });
