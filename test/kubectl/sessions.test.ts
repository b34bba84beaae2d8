/** What a session does to the terminal it runs on. */
import { expect, test } from 'vitest';
import type { Session } from '../../src/api/transport.js';
import type { Factory } from '../../src/kubectl/command.js';
import { runSession } from '../../src/kubectl/sessions.js';

const SUCCESS = new TextEncoder().encode(JSON.stringify({ metadata: {}, status: 'Success' }));

/** Runs a session that ends by itself while nothing more is typed; what happened, in order. */
async function doings(isTTY: boolean, options: { readonly stdin: boolean; readonly tty: boolean }): Promise<readonly string[]> {
  const done: string[] = [];
  const session: Session = {
    frames: (async function* () {
      yield { channel: 1, data: new TextEncoder().encode('hi') };
      yield { channel: 3, data: SUCCESS };
    })(),
    send: () => undefined,
    close: () => undefined,
  };
  const factory = {
    client: { session: async () => session },
    streams: {
      in: {
        isTTY,
        read: () => new Promise<never>(() => undefined),
        async *chunks() {
          await new Promise<never>(() => undefined);
        },
        setRaw: (isRaw: boolean) => void done.push(isRaw ? 'raw' : 'cooked'),
        release: () => void done.push('released'),
      },
      out: (text: string | Uint8Array) => void done.push(typeof text === 'string' ? text : new TextDecoder().decode(text)),
      err: () => undefined,
    },
  } as unknown as Factory;
  await runSession(factory, {} as Parameters<typeof runSession>[1], {}, options);
  return done;
}

test('keys come raw while the other side is a terminal, and nobody waits for more of them after', async () => {
  expect(await doings(true, { stdin: true, tty: true })).toEqual(['raw', 'hi', 'cooked', 'released']);
});

test('what is piped in is left as it is', async () => {
  expect(await doings(false, { stdin: true, tty: false })).toEqual(['hi', 'released']);
  expect(await doings(true, { stdin: false, tty: false })).toEqual(['hi']);
});
