/** kubectl create secret tls (pkg/cmd/create/create_secret_tls.go). */
import { keyPairProblem } from '../../../api/key-pair.js';
import { type Factory, UsageError } from '../../command.js';
import { readErrorText } from '../../files.js';
import { generator } from '../../generator.js';
import { secretOf } from '../../secrets.js';

export default generator({
  use: 'tls NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none]',
  short: 'Create a TLS secret',
  long: 'Create a TLS secret from a certificate and its private key, both in PEM; the key must belong to the certificate.',
  examples: '# A key pair\nkubectl create secret tls tls-secret --cert=path/to/tls.crt --key=path/to/tls.key',
  flags: [
    { name: 'append-hash', type: 'bool', usage: 'Put a hash of the secret behind its name.' },
    { name: 'cert', type: 'string', usage: 'File with the certificate.' },
    { name: 'key', type: 'string', usage: 'File with the private key.' },
  ],
  resource: { group: '', version: 'v1', resource: 'secrets', namespaced: true },
  wraps: 'secret ',
  check({ flags }) {
    if (flags.string('cert') === '' || flags.string('key') === '') throw new UsageError('key and cert must be specified');
  },
  async build({ name, flags }, factory) {
    const cert = await read(factory, flags.string('cert'));
    const key = await read(factory, flags.string('key'));
    const problem = keyPairProblem(new TextDecoder().decode(cert), new TextDecoder().decode(key));
    if (problem !== undefined) throw new UsageError(problem);
    const entries = [
      { key: 'tls.crt', bytes: cert },
      { key: 'tls.key', bytes: key },
    ];
    return secretOf(name, 'kubernetes.io/tls', entries, flags.bool('append-hash'));
  },
});

async function read(factory: Factory, path: string): Promise<Uint8Array> {
  try {
    return await factory.files.readBytes(path);
  } catch (error) {
    throw new UsageError(`Cannot read file ${path}, ${readErrorText(path, error)}`);
  }
}
