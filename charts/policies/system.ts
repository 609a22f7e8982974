import { chart } from '../chart';
import { appIn, networkPolicy } from './network-policy';
import { tcp } from './ports';

/** The monitoring scrapes every pod of a namespace on one port. */
export const allowMonitoring = (namespace: string, port: number) =>
  chart((scope) =>
    networkPolicy(scope, `${namespace}/allow-monitoring`, {
      podSelector: {},
      policyTypes: ['Ingress'],
      ingress: [{ from: [appIn('monitoring', 'prometheus')], ports: [tcp(port)] }],
    }),
  );
