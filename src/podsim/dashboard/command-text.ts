/** What commands print, for showing it elsewhere: they run in this process. */
import { readStructs } from '../../cluster/assets.js';
import type { Turn } from '../../cluster/turn.js';
import type { IOStreams } from '../../kubectl/command.js';
import { run } from '../../kubectl/command-line.js';
import type { PodsimContext } from '../context.js';
import { runPodsim } from '../program.js';

/** Both streams, as they would have come. Neither the user's kubeconfig nor plugins count: which cluster it is has been decided. */
export async function kubectlText(turn: Turn, argv: readonly string[]): Promise<string> {
  const { streams, text } = collecting();
  await run(argv, {
    transport: async () => turn.transport,
    streams,
    env: { PODSIM_HOME: '/nonexistent', PATH: '' },
    cwd: '/',
    structs: async () => readStructs(),
    now: () => turn.now(),
    sleep: (ms, signal) => turn.sleep(ms, signal),
  });
  return text();
}

/** A command of podsim's own, drawn for a terminal that is so wide. */
export async function podsimText(context: PodsimContext, argv: readonly string[], width: number, isColoured: boolean): Promise<string> {
  const { streams, text } = collecting({ outIsTTY: true, columns: width });
  // Over the context as it is: some of what it offers is made when it is asked for
  const own = Object.create(context, {
    streams: { value: streams },
    env: { value: { ...context.env, NO_COLOR: isColoured ? '' : '1' } },
  }) as PodsimContext;
  await runPodsim(argv, own);
  return text();
}

function collecting(terminal: Partial<IOStreams> = {}): { readonly streams: IOStreams; text(): string } {
  let text = '';
  const streams: IOStreams = {
    in: {
      read: async () => new Uint8Array(),
      isTTY: false,
      async *chunks() {},
    },
    out: (data) => {
      text += typeof data === 'string' ? data : new TextDecoder().decode(data);
    },
    err: (data) => {
      text += data;
    },
    outIsTTY: false,
    columns: undefined,
    ...terminal,
  };
  return { streams, text: () => text };
}
