/** Secrets as the generators of `create secret` make them (pkg/cmd/create/create_secret*.go). */
import type { KubeObject } from '../api/object.js';
import { hashSuffix, type KeyedData, type KeyWords } from './keyed-data.js';

export const secretKeyWords: KeyWords = {
  taken: (key) => `cannot add key ${key}, another key by that name already exists`,
  invalid: (key, rule) => `"${key}" is not valid key name for a Secret ${rule}`,
  directory: 'env secret file cannot be a directory',
};

/** Members and keys in the order Go prints them. */
export function secretOf(name: string, type: string, entries: readonly KeyedData[], appendHash: boolean): KubeObject {
  const data = Object.fromEntries([...entries].sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ key, bytes }) => [key, Buffer.from(bytes).toString('base64')]));
  const hash = appendHash ? `-${hashSuffix({ kind: 'Secret', type, name, data })}` : '';
  return {
    kind: 'Secret',
    apiVersion: 'v1',
    metadata: { name: name + hash, creationTimestamp: null },
    ...(entries.length === 0 ? {} : { data }),
    ...(type === '' ? {} : { type }),
  } as KubeObject;
}
