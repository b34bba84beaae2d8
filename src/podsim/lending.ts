/**
 * A cluster that `podsim serve` holds belongs to the server. kubectl's commands go to it over HTTP; podsim's own work on the
 * saved cluster itself, and borrow it: the server saves, steps aside, and takes it back when the connection ends.
 */
import type { Transport } from '../api/transport.js';
import { type Backend, Served } from '../store/backend/backend.js';

/** Not part of Kubernetes' API. */
export const LEND = '/podsim/lend';

/** Who can speak to the server at an address. */
export type Connect = (address: string) => Promise<Transport>;

export function borrowing(backend: Backend, connect: Connect): Backend {
  return {
    load: (known) => backend.load(known),
    save: (base, changes) => backend.save(base, changes),
    remove: () => backend.remove(),
    servedAt: () => backend.servedAt(),
    changed: (known, milliseconds, signal) => backend.changed(known, milliseconds, signal),
    async hold(work, address) {
      if (address !== undefined) return backend.hold(work, address);
      for (;;) {
        const back = new AbortController();
        const held = async () => backend.hold(work);
        try {
          return await held();
        } catch (error) {
          if (!(error instanceof Served)) throw error;
          await borrow(await connect(error.address), back.signal);
          try {
            return await held();
          } catch (again) {
            if (!(again instanceof Served)) throw again;
          } finally {
            back.abort();
          }
        }
      }
    },
  };
}

/** Resolves when the server has stepped aside, or is gone. */
async function borrow(transport: Transport, signal: AbortSignal): Promise<void> {
  try {
    const { body } = await transport({ method: 'GET', path: `${LEND}?watch=true`, headers: {}, signal });
    const chunks = (body as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    await chunks.next();
    // The connection stays open until the signal ends it; what comes of it is of no interest.
    chunks.next().catch(() => {});
  } catch (error) {
    if (!['ECONNREFUSED', 'ECONNRESET'].includes(String((error as { code?: unknown }).code))) throw error;
  }
}
