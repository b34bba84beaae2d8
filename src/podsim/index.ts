/** What podsim adds to kubectl: its own commands, in the order users see. Each file is loaded only when its command is called. */
import type { Command } from 'commander';
import type { PodsimContext } from './context.js';

export interface PodsimCommand {
  readonly name: string;
  readonly short: string;
  /** Adds the command's arguments, options and subcommands. */
  load(): Promise<{ define(command: Command, context: PodsimContext): void }>;
}

export const podsimCommands: readonly PodsimCommand[] = [
  { name: 'cluster', short: 'Create, choose, inspect, save and restore simulated clusters', load: () => import('./cluster.js') },
  { name: 'clock', short: 'Show and move the time of the simulation', load: () => import('./clock.js') },
  { name: 'image', short: 'Show, add, pull and fail images', load: () => import('./image.js') },
  { name: 'fault', short: 'Break nodes, registries and containers on purpose', load: () => import('./fault.js') },
  { name: 'why', short: 'Say why a pod, deployment, service, job, claim or node is as it is, and what to do', load: () => import('./why/index.js') },
  { name: 'timeline', short: "Draw a pod's life on one time axis: phase, conditions, containers, signals", load: () => import('./timeline/index.js') },
  { name: 'trace', short: "Follow a pod's object through API server, store, scheduler, kubelet and runtime", load: () => import('./trace/index.js') },
  { name: 'practice', short: 'Solve graded scenarios and mock exams (CKAD, interviews)', load: () => import('./practice.js') },
  { name: 'ui', short: 'Watch and steer the cluster on a full screen', load: () => import('./ui.js') },
  { name: 'serve', short: 'Serve the cluster to the real kubectl and to client libraries, over HTTPS', load: () => import('./serve.js') },
  { name: 'shell', short: 'Run a shell, a script or a command in which kubectl is podsim', load: () => import('./shell/index.js') },
];

export const isPodsimCommand = (name: string): boolean => podsimCommands.some((command) => command.name === name);
