/** kubectl create secret docker-registry (pkg/cmd/create/create_secret_docker.go). */
import { goJson } from '../../../text/go-json-writer.js';
import { UsageError } from '../../command.js';
import { generator } from '../../generator.js';
import { keyedData } from '../../keyed-data.js';
import { secretKeyWords, secretOf } from '../../secrets.js';

export default generator({
  use: 'docker-registry NAME --docker-username=user --docker-password=password --docker-email=email [--docker-server=string] [--from-file=[key=]source] [--dry-run=server|client|none]',
  short: 'Create a secret for a container registry',
  long: `Create a secret with which nodes can pull images from a registry that asks who you are. Pods name it under imagePullSecrets.`,
  examples: `# A user of a registry
kubectl create secret docker-registry my-secret --docker-server=DOCKER_REGISTRY_SERVER --docker-username=DOCKER_USER --docker-password=DOCKER_PASSWORD --docker-email=DOCKER_EMAIL

# What docker has noted
kubectl create secret docker-registry my-secret --from-file=path/to/.docker/config.json`,
  flags: [
    { name: 'append-hash', type: 'bool', usage: 'Put a hash of the secret behind its name.' },
    { name: 'docker-email', type: 'string', usage: 'Email of the registry user' },
    { name: 'docker-password', type: 'string', usage: 'Password of the registry user' },
    { name: 'docker-server', type: 'string', default: 'https://index.docker.io/v1/', usage: 'Address of the registry' },
    { name: 'docker-username', type: 'string', usage: 'Name of the registry user' },
    { name: 'from-file', type: 'stringSlice', usage: 'A docker config file, under its own name or as key=file' },
  ],
  resource: { group: '', version: 'v1', resource: 'secrets', namespaced: true },
  wraps: 'secret ',
  check({ flags }) {
    const complete = ['docker-username', 'docker-password', 'docker-server'].every((name) => flags.string(name) !== '');
    if (flags.strings('from-file').length === 0 && !complete) {
      throw new UsageError('either --from-file or the combination of --docker-username, --docker-password and --docker-server is required');
    }
  },
  async build({ name, flags }, factory) {
    const type = 'kubernetes.io/dockerconfigjson';
    if (flags.strings('from-file').length > 0) {
      // A file without a key goes under the one key the type has
      const sources = flags.strings('from-file').map((source) => (source.includes('=') ? source : `.dockerconfigjson=${source}`));
      const entries = await keyedData({ ...flags, strings: (flag) => (flag === 'from-file' ? sources : flags.strings(flag)) }, factory, secretKeyWords);
      return secretOf(name, type, entries, flags.bool('append-hash'));
    }
    const [username, password, email] = ['docker-username', 'docker-password', 'docker-email'].map((flag) => flags.string(flag));
    const entry = { username, password, ...(email === '' ? {} : { email }), auth: Buffer.from(`${username}:${password}`).toString('base64') };
    const bytes = Buffer.from(goJson({ auths: { [flags.string('docker-server')]: entry } }, { keepOrder: true }));
    return secretOf(name, type, [{ key: '.dockerconfigjson', bytes }], flags.bool('append-hash'));
  },
});
