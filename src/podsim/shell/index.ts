/** `podsim shell`: a shell, a script or one command, in which `kubectl` and `k` are podsim. */
import type { Command } from 'commander';
import { ExitError } from '../../kubectl/command.js';
import { type PodsimContext, PodsimError } from '../context.js';
import { type CreationFlags, createOptions, creationOptions } from '../creation.js';
import { run } from './running.js';
import { type Session, type SessionCluster, withSession } from './session.js';
import { interactive } from './startup.js';

interface ShellFlags extends CreationFlags {
  readonly fresh?: boolean;
}

const HELP = `
Inside, kubectl, k and podsim are this podsim; what else is on PATH stays as it is. The exit status is the
command's (128+N if signal N ended it). Without a command it is your $SHELL, with completion, and with a prompt
that says which cluster and namespace you are on.

The cluster is the one that kubectl would have used here: the current context's, --context's, or the file of
PODSIM_STATE. Inside, PODSIM_HOME and PODSIM_STATE say so, whatever directory the script goes to; KUBECONFIG names
podsim's own kubeconfig, so that nothing run in here reaches a real cluster by way of yours.

--fresh makes a new cluster in a home of its own, with nothing in it, and takes both away when the command has
ended, however it ended. The flags from --nodes on say what it is like, as with cluster create. With --clock 10x
pods are ready in a tenth of the time. With --clock paused kubectl wait, rollout status and delete take no time at
all, but a script that sleeps until something has happened sleeps forever.

Examples:
  # A script that calls kubectl, unchanged, on a cluster of its own
  podsim shell --fresh -- ./e2e.sh

  # Several lines of shell, on three nodes, ten times as fast
  podsim shell --fresh --nodes 3 --clock 10x -- bash -c 'kubectl apply -f app.yaml && kubectl wait pod --all --for=condition=Ready'

  # Look around
  podsim shell
`;

export function define(command: Command, context: PodsimContext): void {
  creationOptions(
    command
      .argument('[command...]', 'what to run; your $SHELL if there is none')
      .option('--fresh', 'on a cluster made for it, which is gone afterwards')
      .passThroughOptions(),
  )
    .addHelpText('after', HELP)
    .action(async (words: string[], flags: ShellFlags) => {
      const cluster = flags.fresh === true ? await freshCluster(context, flags) : givenCluster(context, command);
      const code = await withSession(context, cluster, (session) => runIn(session, context, words));
      if (code !== 0) throw new ExitError(code);
    });
}

async function freshCluster(context: PodsimContext, flags: ShellFlags): Promise<SessionCluster> {
  if (context.contextGiven !== '' || context.state !== (context.env['PODSIM_STATE'] || undefined))
    throw new PodsimError('--fresh makes a cluster of its own; --context and --state name another one');
  return { fresh: await createOptions(context, flags) };
}

function givenCluster({ contextGiven }: PodsimContext, command: Command): SessionCluster {
  const option = command.options.find((one) => command.getOptionValueSource(one.attributeName()) === 'cli');
  if (option !== undefined) {
    const value = option.required ? ` ${command.getOptionValue(option.attributeName())}` : '';
    throw new PodsimError(`${option.long} is for a cluster of its own: podsim shell --fresh ${option.long}${value}`);
  }
  return { context: contextGiven };
}

/** The exit status: the command's, or the shell's. */
async function runIn(session: Session, context: PodsimContext, words: readonly string[]): Promise<number> {
  const { streams } = context;
  if (words.length > 0) return run(words, session, context);
  const shell = context.env['SHELL'] || '/bin/sh';
  // A script on standard input needs neither completion nor prompt
  if (!streams.in.isTTY) return run([shell], session, context);
  const { argv, env } = await interactive(shell, session);
  streams.err(
    `kubectl and k are podsim here, on ${session.isFresh ? 'a fresh cluster, which is gone when you leave' : `cluster ${JSON.stringify(session.cluster)}`}. Leave with exit.\n`,
  );
  return run(argv, { ...session, env }, context);
}
