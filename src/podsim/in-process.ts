/** Command lines that podsim runs inside its own process, on a cluster at hand, to show or to judge what they print. */

import { actingAs } from '../client/acting-as.js';
import { readClientStructs } from '../cluster/assets.js';
import type { Turn } from '../cluster/turn.js';
import type { IOStreams } from '../kubectl/command.js';
import type { Surroundings } from '../kubectl/command-line.js';

/** Nothing is there: no kubeconfig (so the cluster is the one at hand, the namespace `default`), no files, no plugins. */
export const NOWHERE = '/nonexistent';

/** Streams that keep what is printed. */
export interface Heard {
  readonly streams: IOStreams;
  /** Standard output. */
  out(): string;
  /** Standard error. */
  err(): string;
  /** Standard output and error as they came. */
  text(): string;
}

/** `terminal`: what standard output says of itself. */
export function listen(stdin: string | Uint8Array = '', terminal: Partial<IOStreams> = {}): Heard {
  const decoder = new TextDecoder();
  const bytes = typeof stdin === 'string' ? new TextEncoder().encode(stdin) : stdin;
  let out = '';
  let err = '';
  let text = '';
  const streams: IOStreams = {
    in: {
      read: async () => bytes,
      isTTY: false,
      async *chunks() {
        if (bytes.length > 0) yield bytes;
      },
    },
    out: (data) => {
      const piece = typeof data === 'string' ? data : decoder.decode(data, { stream: true });
      out += piece;
      text += piece;
    },
    err: (data) => {
      err += data;
      text += data;
    },
    outIsTTY: false,
    columns: undefined,
    ...terminal,
  };
  return { streams, out: () => out, err: () => err, text: () => text };
}

/** What kubectl needs to run on that cluster. */
export const kubectlOn = (turn: Turn, streams: IOStreams): Surroundings => ({
  transport: async (target) => actingAs(target, turn.transport),
  streams,
  env: { HOME: NOWHERE, PATH: NOWHERE },
  cwd: NOWHERE,
  structs: async () => readClientStructs(),
  now: () => turn.now(),
  sleep: (ms, signal) => turn.sleep(ms, signal),
});
