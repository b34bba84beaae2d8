/** kubectl create configmap (pkg/cmd/create/create_configmap.go). */
import type { KubeObject } from '../../../api/object.js';
import { generator } from '../../generator.js';
import { checkSources, DATA_FLAGS, hashSuffix, isText, keyedData } from '../../keyed-data.js';

export default generator({
  use: 'configmap NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  short: 'Create a config map from a file, directory or literal value',
  long: `Create a config map from files, directories or literal values.

A file is put under its own name unless a key is given; a directory puts each of its files there.`,
  examples: `# All files of the directory bar
kubectl create configmap my-config --from-file=path/to/bar

# Files under keys of your own
kubectl create configmap my-config --from-file=key1=/path/to/bar/file1.txt --from-file=key2=/path/to/bar/file2.txt

# Two values
kubectl create configmap my-config --from-literal=key1=config1 --from-literal=key2=config2

# The lines of an env file
kubectl create configmap my-config --from-env-file=path/to/foo.env --from-env-file=path/to/bar.env`,
  flags: DATA_FLAGS('config map'),
  resource: { group: '', version: 'v1', resource: 'configmaps', namespaced: true },
  wraps: 'configmap: ',
  check: ({ flags }) => checkSources(flags),
  async build({ name, flags }, factory) {
    const found = await keyedData(flags, factory, {
      taken: (key) => `cannot add key "${key}", another key by that name already exists in Data for ConfigMap "${name}"`,
      invalid: (key, rule) => `"${key}" is not a valid key name for a ConfigMap: ${rule}`,
      directory: 'env config file cannot be a directory',
    });
    const texts = sortedEntries(
      found.filter(({ bytes }) => isText(bytes)).map(({ key, bytes }) => [key, new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)] as const),
    );
    const binaries = sortedEntries(found.filter(({ bytes }) => !isText(bytes)).map(({ key, bytes }) => [key, Buffer.from(bytes).toString('base64')] as const));
    const data = { ...(texts === undefined ? {} : { data: texts }), ...(binaries === undefined ? {} : { binaryData: binaries }) };
    const hash = flags.bool('append-hash')
      ? `-${hashSuffix({ kind: 'ConfigMap', name, data: texts ?? {}, ...(binaries === undefined ? {} : { binaryData: binaries }) })}`
      : '';
    return { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: name + hash, creationTimestamp: null }, ...data } as KubeObject;
  },
});

/** A map sorted by key, as Go prints maps; nothing for none. */
function sortedEntries(entries: readonly (readonly [string, string])[]): Readonly<Record<string, string>> | undefined {
  return entries.length === 0 ? undefined : Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}
