/** kubectl create secret generic (pkg/cmd/create/create_secret.go). */
import type { KubeObject } from '../../../api/object.js';
import { generator } from '../../generator.js';
import { checkSources, DATA_FLAGS, keyedData } from '../../keyed-data.js';
import { secretKeyWords, secretOf } from '../../secrets.js';

export default generator({
  use: 'generic NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  short: 'Create a secret from files, directories or literal values',
  long: `Create a secret from files, directories or literal values.

A file is put under its own name unless a key is given; a directory puts each of its files there.`,
  examples: `# All files of the directory bar
kubectl create secret generic my-secret --from-file=path/to/bar

# Files under keys of your own
kubectl create secret generic my-secret --from-file=ssh-privatekey=path/to/id_rsa --from-file=ssh-publickey=path/to/id_rsa.pub

# Two values
kubectl create secret generic my-secret --from-literal=key1=supersecret --from-literal=key2=topsecret

# The lines of env files
kubectl create secret generic my-secret --from-env-file=path/to/foo.env --from-env-file=path/to/bar.env`,
  flags: [...DATA_FLAGS('secret'), { name: 'type', type: 'string', usage: 'The type of secret' }],
  resource: { group: '', version: 'v1', resource: 'secrets', namespaced: true },
  wraps: 'secret ',
  check: ({ flags }) => checkSources(flags),
  async build({ name, flags }, factory): Promise<KubeObject> {
    return secretOf(name, flags.string('type'), await keyedData(flags, factory, secretKeyWords), flags.bool('append-hash'));
  },
});
