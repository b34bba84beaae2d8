/** kubectl create secret tls (pkg/cmd/create/create_secret_tls.go). */
import { createPrivateKey, X509Certificate } from 'node:crypto';
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
    checkPair(new TextDecoder().decode(cert), new TextDecoder().decode(key));
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

/** crypto/tls X509KeyPair, in its words. */
function checkPair(cert: string, key: string): void {
  if (!/-----BEGIN CERTIFICATE-----/.test(cert)) {
    const other = /-----BEGIN ([A-Z ]+)-----/.exec(cert);
    if (other === null) throw new UsageError('tls: failed to find any PEM data in certificate input');
    throw new UsageError(
      /PRIVATE KEY$/.test(other[1] as string)
        ? 'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched'
        : `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${other[1]}]`,
    );
  }
  if (!/-----BEGIN ([A-Z ]+ )?PRIVATE KEY-----/.test(key)) {
    const other = /-----BEGIN ([A-Z ]+)-----/.exec(key);
    if (other === null) throw new UsageError('tls: failed to find any PEM data in key input');
    throw new UsageError(
      other[1] === 'CERTIFICATE'
        ? 'tls: found a certificate rather than a key in the PEM for the private key'
        : `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${other[1]}]`,
    );
  }
  let matches: boolean;
  try {
    matches = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    throw new UsageError('tls: failed to parse private key');
  }
  if (!matches) throw new UsageError('tls: private key does not match public key');
}
