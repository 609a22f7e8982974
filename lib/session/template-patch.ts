import { likely } from '../model/nearest';
import { InputProblems, type Problem, type SourceFile } from '../model/problem';
import { isRecord, parseTemplate } from '../read/cloudformation/document';

/** A resource as templates hold it. */
export interface PatchedResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

interface Draft {
  readonly file: SourceFile;
  readonly template: Readonly<Record<string, unknown>>;
  readonly resources: Record<string, PatchedResource>;
}

/** A file that changes the VPC: a template whose resources are added to, or laid over, those of the lab. */
export const isTemplatePatch = ({ path }: SourceFile): boolean =>
  /\.template\.(ya?ml|json)$/.test(path);

/**
 * The templates with each patch laid over them, in order. A resource of the patch whose logical id exists
 * replaces the properties that it names; `null` in place of a resource removes it; any other resource is added
 * to the template that has resources of its type.
 *
 * @throws InputProblems where a patch is not a template, or names what does not exist
 */
export function patchTemplates(
  files: readonly SourceFile[],
  patches: readonly SourceFile[],
): readonly SourceFile[] {
  if (patches.length === 0) return files;
  const drafts = files.map(draftOf);
  const problems = patches.flatMap((patch) => layOver(drafts, patch));
  if (problems.length > 0) throw new InputProblems(problems);
  return drafts.map(({ file, template, resources }) => ({
    ...file,
    text: JSON.stringify({ ...template, Resources: resources }),
  }));
}

/** The resources of templates by logical id. */
export const resourcesOf = (
  files: readonly SourceFile[],
): Readonly<Record<string, PatchedResource>> =>
  Object.assign({}, ...files.map((file) => draftOf(file).resources));

function draftOf(file: SourceFile): Draft {
  const template = JSON.parse(file.text) as Record<string, unknown>;
  return { file, template, resources: { ...(template.Resources as Draft['resources']) } };
}

function layOver(drafts: readonly Draft[], patch: SourceFile): readonly Problem[] {
  const parsed = parseTemplate(patch.text);
  const located = (path: string, problem: string, fix: string): Problem => ({
    file: patch.path,
    document: 0,
    path,
    problem,
    fix,
  });
  if ('problem' in parsed) return [located('', parsed.problem, parsed.fix)];
  const resources = isRecord(parsed.value) ? parsed.value.Resources : undefined;
  if (!isRecord(resources) || Object.keys(resources).length === 0) {
    return [located('Resources', 'it has no resources', 'write Resources, as in a template')];
  }
  return Object.entries(resources).flatMap(([id, raw]) => {
    const said = change(drafts, id, raw);
    return said === undefined ? [] : [located(`Resources.${id}`, ...said)];
  });
}

type Said = readonly [problem: string, fix: string];

/** Makes one change; answers what is wrong with it. */
function change(drafts: readonly Draft[], id: string, raw: unknown): Said | undefined {
  const there = drafts.find(({ resources }) => Object.hasOwn(resources, id));
  if (raw === null) {
    if (there === undefined) return unknown(drafts, id);
    delete there.resources[id];
    return undefined;
  }
  if (!isRecord(raw)) return ['it is not a resource', 'write Type and Properties'];
  const { Type: type, Properties: properties = {} } = raw;
  if (!isRecord(properties)) return ['its Properties are not a map', 'write name: value'];
  const before = there?.resources[id];
  if (there !== undefined && before !== undefined) {
    if (type !== undefined && type !== before.Type)
      return [`it is of type ${before.Type}`, 'give the new resource another logical id'];
    there.resources[id] = { ...before, Properties: { ...before.Properties, ...properties } };
    return undefined;
  }
  if (typeof type !== 'string') return unknown(drafts, id);
  const home =
    drafts.find(({ resources }) => Object.values(resources).some((one) => one.Type === type)) ??
    drafts[0];
  if (home === undefined) return ['this lab has no VPC', 'apply it in a lab of level 4'];
  home.resources[id] = { Type: type, Properties: properties };
  return undefined;
}

function unknown(drafts: readonly Draft[], id: string): Said {
  const meant = likely(
    id,
    drafts.flatMap(({ resources }) => Object.keys(resources)),
  );
  return [
    `no resource of the lab has the logical id '${id}'`,
    meant === undefined
      ? 'lab get lists them; a new resource needs a Type'
      : `did you mean ${meant}?`,
  ];
}
