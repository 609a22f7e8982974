import type { Labels } from '../../model/selector';
import { type At, complain, inside, warn } from '../schema/at';
import { type Metadata, resource } from '../schema/metadata';
import { dnsLabel, dnsSubdomain, portName, portNumber } from '../schema/names';
import {
  anything,
  checked,
  list,
  mapped,
  object,
  oneOf,
  type Read,
  type Shape,
  text,
} from '../schema/shape';
import { tabled } from './fields';
import { INGRESS_FIELDS } from './gateway-fields';
import { hostname, pathProblem, tlsHost } from './names';

const backendPort = checked(
  object({ omitZero: { number: portNumber }, omitEmpty: { name: portName } }),
  ({ number, name }, at) => {
    if ((number === undefined) !== (name === undefined)) return;
    complain(at, 'a port has a number or a name', 'give exactly one of number, name');
  },
);

/** k8s pkg/apis/networking/validation validateIngressBackend. */
const backend = checked(
  object({
    optional: {
      service: object({ required: { name: dnsLabel, port: backendPort } }),
      resource: anything,
    },
  }),
  ({ service, resource: other }, at) => {
    if (service !== undefined && other !== undefined) {
      complain(at, 'service and resource are both given', 'remove one of the two');
    }
    if (service === undefined && other === undefined) {
      complain(at, 'there is neither service nor resource', 'name a service');
    }
    if (service === undefined && other !== undefined) {
      const problem = 'a resource backend is not a Service: where its requests go is not judged';
      warn(inside(at, 'resource'), problem, 'name a service');
    }
  },
);

/** k8s pkg/apis/networking/validation validateHTTPIngressPath. */
const path = checked(
  object({
    required: { pathType: oneOf('Exact', 'Prefix', 'ImplementationSpecific'), backend },
    optional: { path: text() },
  }),
  ({ path: value, pathType }, at) => {
    const place = inside(at, 'path');
    if (pathType === 'ImplementationSpecific') {
      if (value !== undefined && value !== '' && !value.startsWith('/')) {
        complain(place, `'${value}' is not an absolute path`, `write /${value}`);
      }
      return;
    }
    if (value === undefined || value === '') {
      complain(place, `path is missing for ${pathType}`, 'write /');
      return;
    }
    const wrong = pathProblem(value);
    // The API server takes `#` here.
    if (wrong !== undefined && !wrong.problem.endsWith("contains '#'")) {
      complain(place, wrong.problem, wrong.fix);
    }
  },
);

const rule = object({
  omitEmpty: { host: hostname },
  optional: { http: object({ required: { paths: list(path) } }) },
});

const spec = checked(
  object({
    optional: {
      ingressClassName: dnsSubdomain,
      defaultBackend: backend,
      rules: list(rule),
      tls: list(object({ optional: { hosts: list(tlsHost) } })),
    },
  }),
  ({ defaultBackend, rules = [] }, at) => {
    if (defaultBackend !== undefined || rules.length > 0) return;
    complain(at, 'there is neither defaultBackend nor a rule', 'add one of the two');
  },
);

/** A Service's port that an Ingress names. */
export interface IngressBackend {
  readonly service: string;
  readonly port: number | string;
}

/** A path of an Ingress. */
export interface IngressPath {
  /** The place in its spec, such as `rules[0].http.paths[1]`. */
  readonly place: string;
  readonly host?: string;
  readonly path: string;
  readonly type: 'Exact' | 'Prefix' | 'ImplementationSpecific';
  readonly backend: IngressBackend;
}

/** An Ingress. */
export interface IngressObject {
  readonly meta: Metadata;
  readonly annotations: Labels;
  readonly className?: string;
  /** Groups of paths as they are written: one for each rule. */
  readonly rules: readonly (readonly IngressPath[])[];
  readonly defaultBackend?: IngressBackend;
  /** For each entry of `tls` its hosts; an entry without any is for all. */
  readonly tls: readonly (readonly string[])[];
}

const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/** `networking.k8s.io/v1` Ingress. */
export const ingress: Shape<IngressObject> = tabled(
  INGRESS_FIELDS,
  mapped(
    checked(resource(spec), ({ metadata, spec: { ingressClassName } }, at) =>
      checkClass(metadata.annotations, ingressClassName, at),
    ),
    ({ metadata: meta, spec: fields }) => {
      const { ingressClassName, defaultBackend, rules = [], tls = [] } = fields;
      const className = ingressClassName ?? meta.annotations[CLASS_ANNOTATION];
      return {
        meta,
        annotations: meta.annotations,
        rules: rules.map(pathsOf),
        tls: tls.map(({ hosts = [] }) => hosts),
        ...(className !== undefined && { className }),
        ...(defaultBackend !== undefined && { defaultBackend: backendOf(defaultBackend) }),
      };
    },
  ),
);

/** k8s pkg/apis/networking/validation ValidateIngressCreate: one of the two at most. */
function checkClass(annotations: Labels, className: string | undefined, at: At): void {
  if (className === undefined || !Object.hasOwn(annotations, CLASS_ANNOTATION)) return;
  const place = inside(inside(at, 'spec'), 'ingressClassName');
  const problem = `the annotation ${CLASS_ANNOTATION} is given too`;
  complain(place, problem, 'remove the annotation');
}

const pathsOf = ({ host, http }: Read<typeof rule>, index: number): readonly IngressPath[] =>
  (http?.paths ?? []).map((one, i) => ({
    place: `rules[${index}].http.paths[${i}]`,
    path: one.path ?? '',
    type: one.pathType,
    backend: backendOf(one.backend),
    ...(host !== undefined && { host }),
  }));

const backendOf = ({ service }: Read<typeof backend>): IngressBackend => ({
  service: service?.name ?? '',
  port: service?.port.number ?? service?.port.name ?? '',
});
