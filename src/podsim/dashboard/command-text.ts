/** What commands print, for showing it elsewhere: they run in this process. */
import type { Turn } from '../../cluster/turn.js';
import { run } from '../../kubectl/command-line.js';
import type { PodsimContext } from '../context.js';
import { kubectlOn, listen } from '../in-process.js';
import { runPodsim } from '../program.js';

/** Both streams, as they would have come. Neither the user's kubeconfig nor plugins count: which cluster it is has been decided. */
export async function kubectlText(turn: Turn, argv: readonly string[]): Promise<string> {
  const { streams, text } = listen();
  await run(argv, kubectlOn(turn, streams));
  return text();
}

/** A command of podsim's own, drawn for a terminal that is so wide. */
export async function podsimText(context: PodsimContext, argv: readonly string[], width: number, isColoured: boolean): Promise<string> {
  const { streams, text } = listen('', { outIsTTY: true, columns: width });
  // Over the context as it is: some of what it offers is made when it is asked for
  const own = Object.create(context, {
    streams: { value: streams },
    env: { value: { ...context.env, NO_COLOR: isColoured ? '' : '1' } },
  }) as PodsimContext;
  await runPodsim(argv, own);
  return text();
}
