import { allowDns } from '../policies/allow-dns';
import { defaultDeny } from '../policies/default-deny';
import { allowMonitoring } from '../policies/system';
import type { LabStages } from '../stage';
import { Application } from '../zero-trust/application';
import { PaymentsPaths, ShopPaths } from '../zero-trust/policies';

export const stages = {
  open: [Application],
  enforced: [
    Application,
    defaultDeny('shop'),
    allowDns('shop'),
    allowMonitoring('shop', 8080),
    ShopPaths,
    PaymentsPaths,
  ],
} satisfies LabStages;
