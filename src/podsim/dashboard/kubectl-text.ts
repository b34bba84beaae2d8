/** What kubectl prints, for showing it elsewhere: the command runs in this process, on turns of its own. */
import { readStructs } from '../../cluster/assets.js';
import type { Turn } from '../../cluster/turn.js';
import type { IOStreams } from '../../kubectl/command.js';
import { run } from '../../kubectl/command-line.js';

/** Both streams, as they would have come. Neither the user's kubeconfig nor plugins count: which cluster it is has been decided. */
export async function kubectlText(turn: Turn, argv: readonly string[]): Promise<string> {
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
  };
  await run(argv, {
    transport: async () => turn.transport,
    streams,
    env: { PODSIM_HOME: '/nonexistent', PATH: '' },
    cwd: '/',
    structs: async () => readStructs(),
    now: () => turn.now(),
    sleep: (ms, signal) => turn.sleep(ms, signal),
  });
  return text;
}
