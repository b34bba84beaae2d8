/** Waiting for one object by watching it (client-go tools/watch UntilWithSync). How time passes meanwhile is the server's affair. */
import { StatusError } from '../api/errors.js';
import type { KubeObject } from '../api/object.js';
import type { RestMapping } from '../client/rest-mapper.js';
import type { Factory } from './command.js';

export interface Watched {
  readonly mapping: RestMapping;
  readonly namespace: string;
  readonly name: string;
}

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
}

/** A week: how long kubectl means by "as long as it takes". */
export const A_WEEK = 168 * 3_600_000;

/**
 * Lists, then watches, until `done` says so: true, or false when `timeout` ms have passed. `done` sees the object as it is first
 * (undefined: there is none), then every change. A throw of `done` ends it.
 */
export async function watchUntil(
  factory: Factory,
  watched: Watched,
  timeout: number,
  done: (change: Change | undefined) => boolean | Promise<boolean>,
  namesOnly = true,
): Promise<boolean> {
  const target = { resource: watched.mapping, namespace: watched.namespace };
  const query = namesOnly ? { fieldSelector: `metadata.name=${watched.name}` } : {};
  // The cluster's time is known once it has answered something.
  let end = Number.POSITIVE_INFINITY;
  let first = true;
  for (;;) {
    const list = await factory.client.list(target, { query: { ...query, ...(first ? {} : {}) } });
    const object = list.items[0];
    if (await done(object === undefined ? undefined : { type: first ? 'ADDED' : 'MODIFIED', object })) return true;
    if (first) end = factory.now() + timeout;
    first = false;
    const left = end - factory.now();
    if (left <= 0) return false;
    const stop = new AbortController();
    try {
      const events = await factory.client.watch(target, {
        query: { ...query, resourceVersion: list.metadata.resourceVersion, timeoutSeconds: Math.max(1, Math.ceil(left / 1000)) },
        signal: stop.signal,
      });
      for await (const event of events) {
        if (event.type === 'BOOKMARK') continue;
        if (event.type === 'ERROR') break;
        if (await done({ type: event.type, object: event.object })) return true;
      }
    } catch (error) {
      // The version is gone (410): list again.
      if (!(error instanceof StatusError && error.code === 410)) throw error;
    } finally {
      stop.abort();
    }
    if (factory.now() >= end) return false;
  }
}

/** Waits until the object is gone or another has taken its name; true when it is (kubectl pkg/cmd/wait/delete.go). */
export async function waitGone(factory: Factory, watched: Watched, uid: string | undefined, timeout: number): Promise<boolean> {
  const target = { resource: watched.mapping, namespace: watched.namespace, name: watched.name };
  try {
    const found = await factory.client.get<KubeObject>(target);
    if (uid !== undefined && found.metadata.uid !== uid) return true;
  } catch (error) {
    if (error instanceof StatusError && error.reason === 'NotFound') return true;
    throw error;
  }
  if (timeout <= 0) return false;
  return watchUntil(
    factory,
    watched,
    timeout,
    (change) => change === undefined || change.type === 'DELETED' || (uid !== undefined && change.object.metadata.uid !== uid),
  );
}
