import type { Cidr } from '../../model/address';
import { legacyCidr } from '../schema/legacy-address';
import { resource } from '../schema/metadata';
import { list, mapped, object, type Shape } from '../schema/shape';

/** `networking.k8s.io/v1` ServiceCIDR: blocks that cluster addresses are taken from. */
export const serviceCidrObject: Shape<readonly Cidr[]> = mapped(
  resource(object({ required: { cidrs: list(legacyCidr) } })),
  ({ spec }) => spec.cidrs,
);
