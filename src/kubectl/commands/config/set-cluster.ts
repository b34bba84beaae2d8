/** kubectl config set-cluster (pkg/cmd/config/set_cluster.go). */
import { type Command, type FlagValues, UsageError } from '../../command.js';
import { put, saveKubeconfig, storedPath } from '../../config-file.js';
import type { NamedCluster } from '../../kubeconfig.js';

interface Options {
  readonly name: string;
  readonly flags: FlagValues;
}

const command: Command<Options> = {
  use: 'set-cluster NAME [--server=server] [--certificate-authority=path/to/certificate/authority] [--insecure-skip-tls-verify=true] [--tls-server-name=example.com]',
  short: 'Set a cluster entry of the kubeconfig',
  long: `Set a cluster entry of the kubeconfig.

What a cluster has and is not named here stays as it is.`,
  examples: '# Only the server of the cluster e2e\nkubectl config set-cluster e2e --server=https://1.2.3.4',
  flags: [
    { name: 'certificate-authority', type: 'string', usage: 'File with the certificate authority of the cluster' },
    { name: 'embed-certs', type: 'tristate', default: 'false', bare: 'true', usage: 'Put the contents of the certificate into the kubeconfig' },
    { name: 'insecure-skip-tls-verify', type: 'tristate', default: 'false', bare: 'true', usage: 'Do not check the certificate of the cluster' },
    { name: 'proxy-url', type: 'string', usage: 'Proxy on the way to the cluster' },
    { name: 'server', type: 'string', usage: 'Address of the cluster' },
    { name: 'tls-server-name', type: 'string', usage: "Name to expect in the cluster's certificate" },
  ],
  async complete(args, flags) {
    if (args.length !== 1) throw new UsageError(`Unexpected args: [${args.join(' ')}]`, 'page');
    return { name: args[0] as string, flags };
  },
  validate({ name, flags }) {
    if (name === '') throw new UsageError('you must specify a non-empty cluster name');
    const authority = flags.string('certificate-authority');
    if (flags.bool('insecure-skip-tls-verify') && authority !== '')
      throw new UsageError('you cannot specify a certificate authority and insecure mode at the same time');
    if (flags.bool('embed-certs') && authority === '') throw new UsageError('you must specify a --certificate-authority to embed');
  },
  async run({ name, flags }, factory) {
    const { config } = await factory.kubeconfig();
    const cluster: Record<string, unknown> = { ...config.clusters.find((one) => one.name === name)?.cluster };
    for (const key of ['server', 'tls-server-name', 'proxy-url']) if (flags.changed(key)) cluster[key] = flags.string(key);
    if (flags.changed('insecure-skip-tls-verify')) cluster['insecure-skip-tls-verify'] = flags.bool('insecure-skip-tls-verify');
    if (flags.changed('certificate-authority')) {
      const path = flags.string('certificate-authority');
      if (flags.bool('embed-certs') && (await factory.files.kind(path)) === undefined) {
        throw new UsageError(`could not stat certificate-authority file ${path}: stat ${path}: no such file or directory`);
      }
      delete cluster['certificate-authority'];
      delete cluster['certificate-authority-data'];
      if (flags.bool('embed-certs')) cluster['certificate-authority-data'] = Buffer.from(await factory.files.readBytes(path)).toString('base64');
      else cluster['certificate-authority'] = await storedPath(factory, path);
    }
    await saveKubeconfig(factory, { ...config, clusters: put(config.clusters, { name, cluster } as NamedCluster) });
    factory.streams.out(`Cluster "${name}" set.\n`);
  },
};
export default command;
