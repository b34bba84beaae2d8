/** kubectl's front door. */

export type { IOStreams } from './command.js';
export { isKubectlCommand, run, type Surroundings } from './command-line.js';
export { groups, others } from './commands/index.js';
export type { Target } from './kubeconfig.js';
