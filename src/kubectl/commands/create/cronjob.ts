/** kubectl create cronjob (pkg/cmd/create/create_cronjob.go). */
import type { KubeObject } from '../../../api/object.js';
import { generator } from '../../generator.js';

export default generator({
  use: "cronjob NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...] [flags]",
  short: 'Create a cron job',
  examples: `# Every minute
kubectl create cronjob my-job --image=busybox --schedule="*/1 * * * *"

# With a command
kubectl create cronjob my-job --image=busybox --schedule="*/1 * * * *" -- date`,
  flags: [
    { name: 'image', type: 'string', usage: 'The image to run.', required: true },
    { name: 'restart', type: 'string', usage: "The restart policy of the job's pods: OnFailure or Never" },
    { name: 'schedule', type: 'string', usage: 'When to run it, in the form of cron.', required: true },
  ],
  resource: { group: 'batch', version: 'v1', resource: 'cronjobs', namespaced: true },
  wraps: 'cronjob: ',
  takesCommand: true,
  build({ name, rest, flags }) {
    const container = { name, image: flags.string('image'), ...(rest.length > 0 ? { command: rest } : {}), resources: {} };
    return {
      kind: 'CronJob',
      apiVersion: 'batch/v1',
      metadata: { name, creationTimestamp: null },
      spec: {
        schedule: flags.string('schedule'),
        jobTemplate: {
          metadata: { name, creationTimestamp: null },
          spec: {
            template: { metadata: { creationTimestamp: null }, spec: { containers: [container], restartPolicy: flags.string('restart') || 'OnFailure' } },
          },
        },
      },
      status: {},
    } as KubeObject;
  },
});
