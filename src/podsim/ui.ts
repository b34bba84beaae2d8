/** `podsim ui`: a dashboard on the whole screen. This file says whether there can be one; ink is loaded only then. */
import type { Command } from 'commander';
import { hostFiles } from '../kubectl/files.js';
import { loadKubeconfig } from '../kubectl/kubeconfig.js';
import { type PodsimContext, PodsimError } from './context.js';

interface UiFlags {
  readonly namespace?: string;
  readonly allNamespaces?: boolean;
}

const HELP = `
Pods as get pods -o wide lists them, live; of the chosen one its timeline, Events, logs and description, and why it
is as it is. The simulated time stands at the top, and may be paused, moved on and sped up. What other terminals do
to the cluster shows at once. ? lists the keys, q ends.

Examples:
  # The current namespace
  podsim ui

  # All namespaces
  podsim ui -A
`;

export function define(command: Command, context: PodsimContext): void {
  command
    .option('-n, --namespace <name>', "begin with this namespace; the context's if not given")
    .option('-A, --all-namespaces', 'begin with all namespaces')
    .addHelpText('after', HELP)
    .action((flags: UiFlags) => ui(context, flags));
}

async function ui(context: PodsimContext, flags: UiFlags): Promise<void> {
  const { streams, env, stopped } = context;
  if (!streams.outIsTTY || !streams.in.isTTY)
    throw new PodsimError('ui needs a terminal to draw on and to read keys from; elsewhere there is podsim get pods -w');
  if (env['TERM'] === 'dumb') throw new PodsimError('ui needs a terminal that can move its cursor, and TERM is dumb');
  const namespace = flags.allNamespaces === true ? '' : (flags.namespace ?? (await currentNamespace(context)));
  const { openDashboard } = await import('./dashboard/dashboard.js');
  const dashboard = await openDashboard(context, namespace);
  // Whatever keeps it from being shown is to be said before the screen is taken.
  await dashboard.look(namespace);
  const { start } = await import('./ui/index.js');
  await start(dashboard, { stopped, isColoured: (env['NO_COLOR'] ?? '') === '' });
}

/** As kubectl has it: the context's, or default. */
async function currentNamespace({ cwd, home, contextGiven }: PodsimContext): Promise<string> {
  const config = await loadKubeconfig(hostFiles(cwd), `${home}/config`);
  const name = contextGiven || config['current-context'];
  return config.contexts.find((one) => one.name === name)?.context.namespace || 'default';
}
