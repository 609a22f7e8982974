import { DescribeAddonVersionsCommand } from '@aws-sdk/client-eks';
import { uniqueBy } from '../../model/unique';
import type { Aws } from '../aws';
import { fine, notice, type PreflightFinding, problem, tryTo } from '../finding';
import { inParallel } from '../parallel';
import { createResolver, resourcesOf, type Template, text } from '../template';

/** An EKS add-on that a template installs. */
interface PinnedAddon {
  readonly name: string;
  readonly version: string;
  /** Version of the cluster it is installed in, `1.35`. */
  readonly kubernetes: string;
}

/** Whether EKS offers the add-on versions of the templates for their Kubernetes version. */
export async function checkAddonVersions(
  aws: Aws,
  templates: readonly Template[],
): Promise<readonly PreflightFinding[]> {
  const pinned = pinnedAddons(templates);
  const answers = await inParallel(pinned, (addon) => checkAddon(aws, addon));
  const open = answers.filter(({ kind }) => kind !== 'fine');
  const [first] = pinned;
  if (open.length > 0 || first === undefined) return open;
  const versions = pinned.map(({ name, version }) => `${name} ${version}`).join(', ');
  return [fine('EKS add-ons', `${versions}: offered for Kubernetes ${first.kubernetes}`)];
}

async function checkAddon({ eks }: Aws, addon: PinnedAddon): Promise<PreflightFinding> {
  const { name: addonName, version, kubernetes: kubernetesVersion } = addon;
  const what = `add-on ${addonName}`;
  const list = `aws eks describe-addon-versions --addon-name ${addonName} --kubernetes-version ${kubernetesVersion}`;
  const asked = await tryTo(async () => {
    const command = new DescribeAddonVersionsCommand({ addonName, kubernetesVersion });
    const { addons = [] } = await eks.send(command);
    return addons
      .flatMap(({ addonVersions = [] }) => addonVersions)
      .flatMap(({ addonVersion }) => addonVersion ?? []);
  });
  if (asked.kind === 'failed') return notice(what, `not known: ${asked.reason}`, list);
  if (asked.value.length === 0) return notice(what, 'EKS names no version of it', list);
  if (asked.value.includes(version)) return fine(what, version);
  const found = `${version} is not offered for Kubernetes ${kubernetesVersion}`;
  return problem(what, found, `choose another -c kubernetes=; ${list} has the versions`);
}

/** Each add-on once: of a lab with two clusters both have the same ones. */
function pinnedAddons(templates: readonly Template[]): readonly PinnedAddon[] {
  const resolver = createResolver(templates);
  const addons = resourcesOf(templates)
    .filter(({ type }) => type === 'AWS::EKS::Addon')
    .flatMap((addon) => {
      const name = text(addon.properties.AddonName);
      const version = text(addon.properties.AddonVersion);
      const cluster = resolver.resource(addon.properties.ClusterName, addon);
      const kubernetes = text(cluster?.properties.Version);
      return name === undefined || version === undefined || kubernetes === undefined
        ? []
        : [{ name, version, kubernetes }];
    });
  return uniqueBy(addons, (addon) => addon.name);
}
