import type { SkippedFile } from '../../model/input-summary';
import type { FileKind } from './file-kind';

/** What a command wants from its files. */
export type WantedInput = 'objects' | 'template';

const TERRAFORM =
  'Terraform is not read: write the VPC with lab export <vpc>, or give a synthesized CloudFormation template (--template)';
const PULUMI =
  'Pulumi is not read: write the VPC with lab export <vpc>, or give a synthesized CloudFormation template (--template)';

/** Why a file that is not of the wanted kind is skipped, and what to do where it may matter. */
export function skippedFile(file: string, kind: FileKind, wanted: WantedInput): SkippedFile {
  const folder = file.includes('/') ? file.replace(/\/[^/]*$/, '') : '.';
  switch (kind) {
    case 'terraform plan':
    case 'terraform state':
      return { file, because: `a Terraform ${kind.split(' ')[1]}`, fix: TERRAFORM };
    case 'terraform source':
      return { file, because: 'Terraform source', fix: TERRAFORM };
    case 'pulumi':
      return { file, because: 'a Pulumi project or export', fix: PULUMI };
    case 'kustomization':
      return {
        file,
        because: 'a kustomization, which is not an object of a cluster',
        fix: `judge what it builds: kubectl kustomize ${folder} | npx lab lint --manifests -`,
      };
    case 'chart':
      return {
        file,
        because: 'a Helm chart',
        fix: `render it first: helm template ${folder} | npx lab lint --manifests -`,
      };
    case 'template':
      return { file, because: 'a CloudFormation template', fix: 'give it with --template' };
    case 'objects':
      return { file, because: 'Kubernetes objects', fix: 'give it with --manifests' };
    case 'empty':
      return { file, because: 'empty' };
    case 'broken':
      return { file, because: 'not valid JSON' };
    case 'other':
      return {
        file,
        because: wanted === 'objects' ? 'no Kubernetes object' : 'no CloudFormation template',
      };
  }
}
