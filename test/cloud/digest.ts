import { createHash } from 'node:crypto';
import type { Template } from './synthesized';

/**
 * A template in one line a part, sorted: its type, its logical id, and a short hash of all the rest
 * of it. A changed line says what to look at (`npx cdk diff`); what must hold is said by assertions.
 * Hashes of assets (64 hexadecimal digits, CDK's file assets) change with every build of a package,
 * so they are left out.
 */
export const digestOf = (template: Template): string =>
  Object.entries(template)
    .flatMap(([section, parts]) =>
      typeof parts === 'object' && parts !== null
        ? Object.entries(parts).map(([id, part]) => lineOf(section, id, part))
        : [`${section} ${hashOf(parts)}`],
    )
    .sort()
    .join('\n');

function lineOf(section: string, id: string, part: unknown): string {
  const type = section === 'Resources' ? (part as { readonly Type: string }).Type : section;
  return `${type} ${id} ${hashOf(part)}`;
}

const hashOf = (part: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(part).replaceAll(/\b[0-9a-f]{64}\b/g, 'asset'))
    .digest('hex')
    .slice(0, 8);
