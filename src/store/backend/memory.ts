/** A cluster that rests in memory: for tests, and for processes that keep nothing. */
import { type Backend, type Changes, Conflict, type Saved } from './backend.js';
import { Texts } from './texts.js';
import { Turnstile } from './turnstile.js';

export class MemoryBackend implements Backend {
  private saved: Saved | undefined;
  private readonly turnstile = new Turnstile();
  private address: string | undefined;

  async load(): Promise<Saved | undefined> {
    return this.saved;
  }

  async save(base: Saved | undefined, changes: Changes): Promise<Saved> {
    if (base?.version !== this.saved?.version) throw new Conflict('somebody else saved first');
    const values = new Map((base?.entries.keys('') ?? []).map((key) => [key, base?.entries.get(key) as string]));
    for (const key of changes.keys()) {
      const text = changes.get(key);
      if (text === undefined) values.delete(key);
      else values.set(key, text);
    }
    this.saved = { version: String(Number(base?.version ?? 0) + 1), entries: new Texts(values) };
    return this.saved;
  }

  async remove(): Promise<void> {
    this.saved = undefined;
  }

  async hold<T>(work: () => Promise<T>, address?: string): Promise<T> {
    return this.turnstile.pass(async () => {
      this.address = address;
      try {
        return await work();
      } finally {
        this.address = undefined;
      }
    });
  }

  async servedAt(): Promise<string | undefined> {
    return this.address;
  }

  async changed(known: Saved | undefined, milliseconds: number, signal?: AbortSignal): Promise<void> {
    const end = Date.now() + milliseconds;
    while (this.saved === known && Date.now() < end && signal?.aborted !== true) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
