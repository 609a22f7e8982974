import { allowDns } from '../policies/allow-dns';
import { defaultDeny } from '../policies/default-deny';
import { allowMonitoring } from '../policies/system';
import type { LabStages, StageCharts } from '../stage';
import { Application } from '../zero-trust/application';
import { PartnerEgress, PaymentsPaths, ShopPaths } from '../zero-trust/policies';

const deny: StageCharts = [Application, defaultDeny('shop')];
const system: StageCharts = [...deny, allowDns('shop'), allowMonitoring('shop', 8080)];
const application: StageCharts = [...system, ShopPaths];
const egress: StageCharts = [...application, PartnerEgress];

export const stages = {
  open: [Application],
  'default-deny': deny,
  system,
  application,
  egress,
  enforced: [
    ...egress,
    defaultDeny('payments'),
    allowDns('payments'),
    allowMonitoring('payments', 8443),
    PaymentsPaths,
  ],
} satisfies LabStages;
