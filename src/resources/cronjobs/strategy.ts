/** pkg/apis/batch/v1/defaults.go SetDefaults_CronJob and pkg/registry/batch/cronjob/strategy.go. */
import type { Strategy } from '../../api/resource.js';
import { dnsLabel } from '../meta/names.js';
import { defaultPodTemplate } from '../pod-template/defaults.js';
import { dropDisabledTemplateFields } from '../pod-template/disabled-fields.js';
import { isNewSpec, jobSpecWarnings } from '../pod-template/warnings.js';
import type { CronJob, CronJobSpec, JobTemplateSpec } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<CronJob> = {
  defaults,
  prepareForCreate: (cronJob) => ({ ...withoutDisabled(cronJob), status: {} }),
  prepareForUpdate: withoutDisabled,
  validate,
  validateUpdate,
  warnings,
  hasGeneration: true,
  hasStatus: true,
};

function defaults(cronJob: CronJob): CronJob {
  const given = (cronJob.spec ?? {}) as CronJobSpec;
  const { metadata, spec } = (given.jobTemplate ?? {}) as Partial<JobTemplateSpec>;
  return {
    ...cronJob,
    spec: {
      ...given,
      schedule: given.schedule ?? '',
      concurrencyPolicy: given.concurrencyPolicy || 'Allow',
      suspend: given.suspend ?? false,
      successfulJobsHistoryLimit: given.successfulJobsHistoryLimit ?? 3,
      failedJobsHistoryLimit: given.failedJobsHistoryLimit ?? 1,
      jobTemplate: {
        ...given.jobTemplate,
        metadata: { creationTimestamp: null, ...metadata },
        // The Job's own defaults come when the Job is made.
        spec: {
          ...spec,
          ...(spec?.podFailurePolicy === undefined || spec.podFailurePolicy.rules?.length ? {} : { podFailurePolicy: { rules: null } }),
          template: defaultPodTemplate(spec?.template),
        },
      },
    },
  };
}

function withoutDisabled(cronJob: CronJob): CronJob {
  const { jobTemplate } = cronJob.spec;
  const template = dropDisabledTemplateFields(jobTemplate.spec.template);
  return { ...cronJob, spec: { ...cronJob.spec, jobTemplate: { ...jobTemplate, spec: { ...jobTemplate.spec, template } } } };
}

function warnings(cronJob: CronJob, old?: CronJob): readonly string[] {
  const { metadata, spec } = cronJob;
  const problems = old === undefined ? dnsLabel(metadata.name ?? '') : [];
  return [
    ...(problems.length === 0
      ? []
      : [
          `metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [${problems.join(' ')}]`,
        ]),
    ...(isNewSpec(cronJob, old) ? jobSpecWarnings(spec.jobTemplate.spec, 'spec.jobTemplate.spec') : []),
  ];
}
