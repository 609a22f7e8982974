import { allowDns } from '../policies/allow-dns';
import { defaultDeny } from '../policies/default-deny';
import type { LabStages } from '../stage';
import { AppPaths } from './app';
import { Shop } from './workloads';

const DefaultDeny = defaultDeny('shop');
const AllowDns = allowDns('shop');

export const stages = {
  open: [Shop],
  'default-deny': [Shop, DefaultDeny],
  dns: [Shop, DefaultDeny, AllowDns],
  app: [Shop, DefaultDeny, AllowDns, AppPaths],
} satisfies LabStages;
