/** kubectl rollout: holds the commands about rollouts (pkg/cmd/rollout/rollout.go). */
import type { Command } from '../command.js';
import { groupCommand } from '../group-command.js';

const command: Command = groupCommand({
  use: 'rollout SUBCOMMAND',
  short: 'Manage how a workload is rolled out',
  long: `Manage how changes of a workload reach its pods.

Workloads that are rolled out:

  *  deployments
  *  daemonsets
  *  statefulsets`,
  examples: `# Go back to the revision before
kubectl rollout undo deployment/abc

# How far is it?
kubectl rollout status daemonset/foo

# New pods for a deployment
kubectl rollout restart deployment/abc

# New pods for the deployments with a label
kubectl rollout restart deployment --selector=app=nginx`,
  group: { stream: 'out', exit: 1 },
});
export default command;
