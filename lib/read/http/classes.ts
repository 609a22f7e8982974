import { inside } from '../schema/at';
import type { Conditions } from './cluster';
import type { IngressObject } from './ingress';
import type { HttpObjects, IngressClassObject, Placed } from './objects';

export const ALB_CONTROLLER = 'ingress.k8s.aws/alb';

/** Classes that controllers' own charts install under these names. */
const KNOWN_CLASSES: Readonly<Record<string, string>> = {
  alb: ALB_CONTROLLER,
  nginx: 'k8s.io/ingress-nginx',
};

/** An Ingress, its controller, and its class where that is written. */
export interface ClassedIngress {
  readonly ingress: Placed<IngressObject>;
  readonly className: string;
  readonly controller: string;
  readonly ingressClass?: IngressClassObject;
}

/**
 * Ingresses with the controllers that serve them: by annotation, by `ingressClassName`, or by the
 * default class (Kubernetes: Ingress class). One without a class that is known is served by none,
 * and a warning says so.
 */
export function classedIngresses(
  { ingresses, ingressClasses }: HttpObjects,
  hasController: (className: string) => boolean,
  conditions: Conditions,
): readonly ClassedIngress[] {
  const defaults = ingressClasses.filter(({ value }) => value.isDefault);
  return ingresses.flatMap((ingress): readonly ClassedIngress[] => {
    const { meta, className: named } = ingress.value;
    const [only, second] = defaults;
    const about = { kind: 'Ingress', namespace: meta.namespace, name: meta.name } as const;
    const refuse = (reason: string, message: string, fix: string): readonly ClassedIngress[] => {
      const at = inside(inside(ingress.at, 'spec'), 'ingressClassName');
      conditions.add({ ...about, type: 'Accepted', status: 'False', reason, message }, at, fix);
      return [];
    };
    if (named === undefined && second !== undefined) {
      return refuse('NoClass', 'two IngressClasses are the default', 'name one of them');
    }
    const className = named ?? only?.value.meta.name;
    if (className === undefined) {
      const message = 'it names no class and there is no default class: no controller serves it';
      return refuse('NoClass', message, 'write ingressClassName');
    }
    const found = ingressClasses.find(({ value }) => value.meta.name === className)?.value;
    const byPods = hasController(className) ? `ingress-${className}` : undefined;
    const controller = found?.controller ?? KNOWN_CLASSES[className] ?? byPods;
    if (controller === undefined) {
      const message = `IngressClass ${className} is not here: no controller is known to serve it`;
      return refuse('UnknownClass', message, 'add the IngressClass, or name one that exists');
    }
    return [
      { ingress, className, controller, ...(found !== undefined && { ingressClass: found }) },
    ];
  });
}
