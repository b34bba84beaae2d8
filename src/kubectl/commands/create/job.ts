/** kubectl create job (pkg/cmd/create/create_job.go). */
import type { KubeObject } from '../../../api/object.js';
import type { CronJob } from '../../../resources/cronjobs/types.js';
import { collect } from '../../builder/index.js';
import { type Factory, UsageError } from '../../command.js';
import { generator } from '../../generator.js';
import { goType } from '../../pods.js';

export default generator({
  use: 'job NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]',
  short: 'Create a job',
  examples: `# One that runs busybox
kubectl create job my-job --image=busybox

# With a command
kubectl create job my-job --image=busybox -- date

# What a cron job would make
kubectl create job test-job --from=cronjob/a-cronjob`,
  flags: [
    { name: 'from', type: 'string', usage: 'The resource to make a job of (only cron jobs).' },
    { name: 'image', type: 'string', usage: 'The image to run.' },
  ],
  resource: { group: 'batch', version: 'v1', resource: 'jobs', namespaced: true },
  wraps: 'job: ',
  takesCommand: true,
  check({ flags, rest }) {
    if ((flags.string('image') === '') === (flags.string('from') === '')) throw new UsageError('either --image or --from must be specified');
    if (rest.length > 0 && flags.string('from') !== '') throw new UsageError('cannot specify --from and command');
  },
  build({ name, rest, flags }, factory) {
    const from = flags.string('from');
    if (from !== '') return ofCronJob(factory, name, from);
    return {
      kind: 'Job',
      apiVersion: 'batch/v1',
      metadata: { name, creationTimestamp: null },
      spec: {
        template: {
          metadata: { creationTimestamp: null },
          spec: { containers: [{ name, image: flags.string('image'), ...(rest.length > 0 ? { command: rest } : {}), resources: {} }], restartPolicy: 'Never' },
        },
      },
      status: {},
    } as KubeObject;
  },
});

async function ofCronJob(factory: Factory, name: string, from: string): Promise<KubeObject> {
  const infos = await collect(factory, { args: [from], latest: true });
  if (infos.length !== 1) throw new UsageError('from must be an existing cronjob');
  const object = infos[0]?.object;
  if (object?.kind !== 'CronJob') throw new UsageError(`unknown object type ${goType(object as KubeObject)}`);
  const { jobTemplate } = (object as CronJob).spec as NonNullable<CronJob['spec']>;
  return {
    kind: 'Job',
    apiVersion: 'batch/v1',
    metadata: {
      name,
      creationTimestamp: null,
      ...(jobTemplate.metadata?.labels === undefined ? {} : { labels: jobTemplate.metadata.labels }),
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', ...jobTemplate.metadata?.annotations },
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name: object.metadata.name, uid: object.metadata.uid, controller: true }],
    },
    spec: jobTemplate.spec,
    status: {},
  } as unknown as KubeObject;
}
