/** Transports to clusters at the other end of a network: one that `podsim serve` has, or any that a kubeconfig names. Loaded when needed. */
import type { Transport } from './api/transport.js';
import type { ClientCertificate } from './certified.js';
import { clientOptions } from './client/http/config.js';
import { httpTransport } from './client/http.js';
import { hostFiles } from './kubectl/files.js';
import type { Target } from './kubectl/kubeconfig.js';
import { PodsimError } from './podsim/context.js';
import { loadCredentials } from './podsim/credentials.js';
import { pause } from './store/backend/pause.js';

/** The server that holds the cluster in this state file; its credentials lie beside it, unless somebody comes with his own. */
export async function connectServed(file: string, address: string, argv: readonly string[] = [], own?: ClientCertificate): Promise<Transport> {
  const known = await loadCredentials(hostFiles('/'), file);
  if (known === undefined) throw new PodsimError(`the cluster is served at ${address}, but its credentials are not where they should be, beside ${file}`);
  const server = address.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
  return asCommand(httpTransport({ server, ca: known.ca.certificate, certificate: known.client.certificate, key: known.client.key, ...own }), argv);
}

/** The server a kubeconfig's context names. */
export async function connectTarget(target: Target, cwd: string, argv: readonly string[]): Promise<Transport> {
  const files = hostFiles(cwd);
  const cluster = target.isInsecure ? { ...target.clusterEntry, 'insecure-skip-tls-verify': true } : target.clusterEntry;
  return asCommand(httpTransport(await clientOptions(target.server, cluster, target.userEntry, target.token, (path) => files.read(path))), argv);
}

/** Says which command asks, as kubectl does (pkg/cmd/cmd.go: addCmdHeaderHooks): a server with a paused clock cares. */
function asCommand(transport: Transport, argv: readonly string[]): Transport {
  const words = argv.filter((arg) => !arg.startsWith('-'));
  const command = ['kubectl', words[0], ...(words[0] === 'rollout' ? [words[1]] : [])].filter((word) => word !== undefined).join(' ');
  return (request) => transport({ ...request, headers: { 'user-agent': 'podsim', 'kubectl-command': command, ...request.headers } });
}

export { pause };
