import { matches } from '../../model/selector';
import { type LabelSelector, toSelector } from '../policies/label-selector';
import { type At, complain, inside } from '../schema/at';
import type { Metadata } from '../schema/metadata';
import { isDnsLabel } from '../schema/names';
import type { PodTemplate } from './pod';

interface App {
  readonly metadata: Metadata;
  readonly spec: { readonly selector: LabelSelector; readonly template: PodTemplate };
}

interface Job {
  readonly metadata: Metadata;
  readonly spec: Batch;
}

interface Batch {
  readonly template: PodTemplate;
}

const MAX_LABEL = 63;
/** A CronJob adds eleven letters for its Jobs, whose names have at most 63. */
const MAX_CRON_JOB = 52;

/** k8s pkg/apis/apps/validation: a workload must select the pods it makes, and they do not end. */
export function checkApp({ spec }: App, at: At): void {
  const { selector, template } = spec;
  const inner = inside(at, 'spec');
  const place = inside(inner, 'selector');
  const count =
    Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length;
  if (count === 0) {
    complain(place, 'the selector is empty', 'select the labels of the template');
  } else if (!matches(toSelector(selector), template.meta.labels)) {
    complain(
      place,
      'the selector does not match the labels of the template',
      'give spec.template.metadata.labels what the selector asks for',
    );
  }
  checkRestart(template, ['Always'], inside(inside(inner, 'template'), 'spec'));
}

/** Its name becomes part of its pods' host names. */
export function checkStatefulSet(app: App, at: At): void {
  checkApp(app, at);
  const { name } = app.metadata;
  if (isDnsLabel(name)) return;
  const place = inside(inside(at, 'metadata'), 'name');
  complain(place, `'${name}' is no name of a StatefulSet`, 'use at most 63 of a-z, 0-9 and -');
}

/** k8s pkg/apis/batch/validation: pods of a Job end, and carry its name as a label. */
export function checkJob({ metadata: { name }, spec }: Job, at: At): void {
  if (name.length > MAX_LABEL) {
    const where = inside(inside(at, 'metadata'), 'name');
    complain(where, `the name has ${name.length} characters`, `keep to ${MAX_LABEL}`);
  }
  checkEnding(spec.template, inside(inside(inside(at, 'spec'), 'template'), 'spec'));
}

interface Cron {
  readonly metadata: Metadata;
  readonly spec: { readonly jobTemplate: { readonly spec: Batch } };
}

export function checkCronJob({ metadata: { name }, spec }: Cron, at: At): void {
  const inner = inside(inside(at, 'spec'), 'jobTemplate');
  const place = inside(inside(inside(inner, 'spec'), 'template'), 'spec');
  checkEnding(spec.jobTemplate.spec.template, place);
  if (name.length <= MAX_CRON_JOB) return;
  const where = inside(inside(at, 'metadata'), 'name');
  complain(where, `the name has ${name.length} characters`, `keep to ${MAX_CRON_JOB}`);
}

const checkEnding = (template: PodTemplate, at: At): void =>
  checkRestart(template, ['OnFailure', 'Never'], at);

function checkRestart(template: PodTemplate, wanted: readonly string[], at: At): void {
  const { restartPolicy = 'Always' } = template;
  if (wanted.includes(restartPolicy)) return;
  const problem = `restartPolicy ${restartPolicy} is not possible in this kind`;
  complain(inside(at, 'restartPolicy'), problem, `write ${wanted.join(' or ')}`);
}
