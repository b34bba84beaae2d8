/** pkg/apis/batch/validation/validation.go ValidateJob and ValidateJobUpdate, errors in its order. */
import { isSemanticEqual } from '../../api/equality.js';
import { type FieldError, invalid, mapKey, required } from '../../api/field.js';
import { matchesSelector, selectorOf } from '../../api/selectors.js';
import { goBadValue } from '../meta/go/syntax.js';
import { isLabelSelector, validateLabelSelector } from '../meta/labels.js';
import { dnsLabel } from '../meta/names.js';
import { FIELD_IMMUTABLE, validateImmutable, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import { validateJobSpec } from '../pod-template/job-spec.js';
import type { PodTemplateSpec } from '../pod-template/types.js';
import { goSelector, validateSameSelector, validateTemplateLabels } from '../pod-template/workloads.js';
import { CONTROLLER_UID, JOB_NAME, LEGACY_CONTROLLER_UID, LEGACY_JOB_NAME } from './labels.js';
import type { Job, JobSpec } from './types.js';

export function validate(job: Job): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(job.metadata, { namespaced: true }, errors);
  validateGeneratedSelector(job, errors);
  validateSpec(job.spec, 'spec', errors);
  const { completionMode, completions = 0 } = job.spec;
  if (completionMode === 'Indexed' && completions > 0) {
    const { name = '' } = job.metadata;
    const longest = `${name}-${completions - 1}`;
    if (dnsLabel(longest).length > 0) errors.push(invalid('metadata.name', name, `will not able to create pod with invalid DNS label: ${longest}`));
  }
  return errors;
}

export function validateUpdate(job: Job, old: Job): FieldError[] {
  // As a whole first (strategy.go ValidateUpdate), so that its causes come twice.
  const errors = validate(job);
  const { spec } = job;
  validateObjectMetaUpdate(job.metadata, old.metadata, errors);
  validateSpec(spec, 'spec', errors);
  validateCompletions(spec, old.spec, errors);
  validateSameSelector(spec.selector, old.spec.selector, 'spec.selector', errors);
  if (!isSemanticEqual(spec.template, isSchedulable(old) ? withDirectives(old.spec.template, spec.template) : old.spec.template))
    errors.push(invalid('spec.template', goBadValue('PodTemplateSpec', spec.template), FIELD_IMMUTABLE));
  validateImmutable(spec.completionMode, old.spec.completionMode, 'spec.completionMode', errors);
  validateImmutable(spec.podFailurePolicy, old.spec.podFailurePolicy, 'spec.podFailurePolicy', errors, () =>
    spec.podFailurePolicy === undefined ? 'null' : goBadValue('batch.PodFailurePolicy', spec.podFailurePolicy),
  );
  validateImmutable(spec.backoffLimitPerIndex, old.spec.backoffLimitPerIndex, 'spec.backoffLimitPerIndex', errors);
  validateImmutable(spec.managedBy, old.spec.managedBy, 'spec.managedBy', errors);
  validateImmutable(spec.successPolicy, old.spec.successPolicy, 'spec.successPolicy', errors, () =>
    spec.successPolicy === undefined ? 'null' : goBadValue('batch.SuccessPolicy', spec.successPolicy),
  );
  return errors;
}

function validateSpec(spec: JobSpec, at: string, errors: FieldError[]): void {
  validateJobSpec(spec, at, errors);
  const before = errors.length;
  if (spec.selector === undefined) errors.push(required(`${at}.selector`));
  else validateLabelSelector(spec.selector, `${at}.selector`, errors);
  if (spec.selector === undefined || errors.length === before) validateTemplateLabels(spec.selector, spec.template, `${at}.template.metadata.labels`, errors);
}

/** Labels a user has put on the template himself may contradict the generated ones. */
function validateGeneratedSelector({ metadata, spec }: Job, errors: FieldError[]): void {
  if (spec.manualSelector === true || spec.selector === undefined) return;
  const { uid = '', name = '' } = metadata;
  if (uid === '') errors.push(required('metadata.uid'));
  const expected = { [LEGACY_CONTROLLER_UID]: uid, [LEGACY_JOB_NAME]: name, [CONTROLLER_UID]: uid, [JOB_NAME]: name };
  const labels = spec.template.metadata?.labels;
  for (const [key, value] of Object.entries(expected)) {
    const where = mapKey('spec.template.metadata.labels', key);
    if (labels?.[key] === undefined) errors.push(required(where, `must be '${value}'`));
    else if (labels[key] !== value) errors.push(invalid(where, goBadValue('map[string]string', labels), `must be '${value}'`));
  }
  const parsed = isLabelSelector(spec.selector) ? selectorOf(spec.selector) : undefined;
  if (parsed !== undefined && !matchesSelector(parsed, expected))
    errors.push(invalid('spec.selector', goSelector(spec.selector), '`selector` not auto-generated'));
}

/** Of Indexed Jobs they may change together with the parallelism. */
function validateCompletions(spec: JobSpec, old: JobSpec, errors: FieldError[]): void {
  if (spec.completionMode !== 'Indexed') {
    validateImmutable(spec.completions, old.completions, 'spec.completions', errors);
    return;
  }
  if (spec.completions === old.completions || spec.completions === undefined || spec.completions === spec.parallelism) return;
  errors.push(invalid('spec.completions', spec.completions, 'can only be modified in tandem with spec.parallelism'));
}

/** JobMutableNodeSchedulingDirectives: while a Job is suspended and has not started. */
const isSchedulable = ({ spec, status }: Job): boolean => spec.suspend === true && status?.startTime === undefined;

/** `template` with what says where its pods go taken from `next`. */
function withDirectives(template: PodTemplateSpec, next: PodTemplateSpec): PodTemplateSpec {
  const pick = { ...template.spec } as Record<string, unknown>;
  const from = (next.spec ?? {}) as unknown as Record<string, unknown>;
  for (const field of ['nodeSelector', 'tolerations', 'schedulingGates']) pick[field] = from[field];
  const { nodeAffinity: _, ...affinity } = template.spec?.affinity ?? {};
  const { nodeAffinity } = next.spec?.affinity ?? {};
  const merged = { ...affinity, ...(nodeAffinity === undefined ? {} : { nodeAffinity }) };
  pick.affinity = next.spec?.affinity === undefined && Object.keys(merged).length === 0 ? undefined : merged;
  const { labels: __, annotations: ___, ...metadata } = template.metadata ?? {};
  const { labels, annotations } = next.metadata ?? {};
  return {
    ...template,
    metadata: { ...metadata, ...(labels === undefined ? {} : { labels }), ...(annotations === undefined ? {} : { annotations }) },
    spec: pick as unknown as NonNullable<PodTemplateSpec['spec']>,
  };
}
