/** What a new cluster may be told to be like: the flags of `cluster create`, and of `shell --fresh`. */
import type { Command } from 'commander';
import type { CreateOptions } from '../cluster/create.js';
import { type PodsimContext, PodsimError } from './context.js';
import { rateGiven, seedGiven, timeGiven, wholeNumber } from './flag-values.js';

/** As they stand on the command line. */
export interface CreationFlags {
  readonly nodes: string;
  readonly cpu: string;
  readonly memory: string;
  readonly maxPods: string;
  readonly cni: string;
  readonly seed?: string;
  readonly clock: string;
  readonly time?: string;
  readonly from?: string;
  readonly frozen?: boolean;
}

export function creationOptions(command: Command): Command {
  return command
    .option('--nodes <n>', 'how many nodes', '1')
    .option('--cpu <quantity>', 'CPUs of each node', '4')
    .option('--memory <quantity>', 'memory of each node', '8Gi')
    .option('--max-pods <n>', 'pods a node takes', '110')
    .option('--cni <name>', 'network plugin: flannel, or calico (which enforces network policies)', 'flannel')
    .option('--seed <n>', 'what names, addresses and uids are drawn from')
    .option('--clock <clock>', 'real, paused, or Nx', 'real')
    .option('--time <time>', 'the first moment (RFC 3339); now if not given')
    .option('--from <file>', 'load these objects, status included (YAML, JSON, a List, or a dump of a real cluster)')
    .option('--frozen', 'keep what was loaded exactly as it is: no component acts');
}

/** Throws {@link PodsimError} for what no cluster can be. */
export async function createOptions(context: PodsimContext, flags: CreationFlags): Promise<CreateOptions> {
  const time = flags.time === undefined ? undefined : timeGiven(flags.time);
  return {
    nodes: wholeNumber('nodes', flags.nodes, 1, 5000),
    cpu: await amount('cpu', flags.cpu),
    memory: await amount('memory', flags.memory),
    maxPods: wholeNumber('max-pods', flags.maxPods, 1, 10_000),
    cni: networkPlugin(flags.cni),
    isFrozen: flags.frozen === true,
    rate: rateGiven(flags.clock),
    ...(flags.seed === undefined ? {} : { seed: seedGiven(flags.seed) }),
    ...(time === undefined ? {} : { time }),
    ...(flags.from === undefined ? {} : { objects: await (await import('./load.js')).readObjects(context, flags.from) }),
  };
}

async function amount(name: string, text: string): Promise<string> {
  const { parseQuantity } = await import('../api/quantity.js');
  const value = parseQuantity(text);
  if (typeof value === 'string') throw new PodsimError(`invalid argument ${JSON.stringify(text)} for "--${name}": ${value}`);
  if (value.nano <= 0n) throw new PodsimError(`invalid argument ${JSON.stringify(text)} for "--${name}": must be greater than 0`);
  return text;
}

function networkPlugin(text: string): 'flannel' | 'calico' {
  if (text !== 'flannel' && text !== 'calico') throw new PodsimError(`invalid argument ${JSON.stringify(text)} for "--cni": must be flannel or calico`);
  return text;
}
