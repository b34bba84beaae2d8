/** `podsim serve`: the cluster's API server over HTTPS, for the real kubectl and client libraries. */
import type { Command } from 'commander';
import { forbidden } from '../api/errors.js';
import type { ApiRequest, ApiResponse, Transport } from '../api/transport.js';
import { isAdministrator } from '../apiserver/authorization/user.js';
import { type HttpServer, serveHttp } from '../apiserver/http.js';
import { failed } from '../apiserver/rest/answer.js';
import { Wire } from '../apiserver/wire.js';
import { readProtobufFields, readStructs } from '../cluster/assets.js';
import type { Turn } from '../cluster/turn.js';
import { type Files, hostFiles } from '../kubectl/files.js';
import { loadKubeconfig, saveKubeconfig } from '../kubectl/kubeconfig.js';
import { authorityCertificate } from '../resources/certificatesigningrequests/signing.js';
import type { ConfigMap } from '../resources/configmaps/types.js';
import { Served } from '../store/backend/backend.js';
import { type PodsimContext, PodsimError } from './context.js';
import { type Credentials, ensureCredentials, serverCertificate } from './credentials.js';
import { wholeNumber } from './flag-values.js';
import { LEND } from './lending.js';

interface ServeFlags {
  readonly port: string;
  readonly address: string;
  readonly writeKubeconfig?: string;
}

export function define(command: Command, context: PodsimContext): void {
  command
    .option('--port <port>', 'where to listen; 0: any free port', '6443')
    .option('--address <address>', 'the address to listen at; 0.0.0.0 lets other machines in', '127.0.0.1')
    .option('--write-kubeconfig <file>', "add the cluster to this kubeconfig (default: a file of its own beside the cluster's state)")
    .action((flags: ServeFlags) => serve(context, flags));
}

async function serve(context: PodsimContext, flags: ServeFlags): Promise<void> {
  const port = wholeNumber('port', flags.port, 0, 65_535);
  const files = hostFiles(context.cwd);
  const { streams, stopped } = context;
  const turn = await context.open();
  const state = await context.file();
  const now = context.machine();
  const credentials = await ensureCredentials(files, state, now);
  const server = await listen(turn, credentials, flags.address, port, context);
  const name = context.state === undefined ? await context.current() : 'podsim';
  const kubeconfig = flags.writeKubeconfig ?? `${state.replace(/\.json$/, '')}.kubeconfig`;
  try {
    await turn.serve(server.url, stopped, async () => {
      await writeKubeconfig(files, kubeconfig, name, reachable(server.url), credentials);
      streams.out(`Serving cluster "${name}" at ${server.url}\nexport KUBECONFIG=${files.path(kubeconfig)}\n`);
    });
  } catch (error) {
    if (error instanceof Served) throw new PodsimError(`cluster "${name}" is already served at ${error.address}`);
    throw error;
  } finally {
    await server.close();
  }
}

async function listen(turn: Turn, credentials: Credentials, host: string, port: number, { machine, env, streams }: PodsimContext): Promise<HttpServer> {
  const own = serverCertificate(credentials, host, machine());
  const authority = await authorityOf(turn);
  try {
    return await serveHttp({
      transport: withLending(turn),
      host,
      port,
      tls: { key: own.key, certificate: own.certificate, ca: credentials.ca.certificate + authority },
      token: credentials.token,
      protobufFields: readProtobufFields,
      wire: new Wire(readStructs),
      now: machine,
      onError: (error) => streams.err(`error: internal error in podsim: ${text(error, env['PODSIM_DEBUG'] !== undefined)}\n`),
    });
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'EADDRINUSE') throw new PodsimError(`port ${port} on ${host} is in use by another program; choose another one with --port (0: any free one)`);
    if (code === 'EACCES') throw new PodsimError(`not allowed to listen on port ${port}; choose one from 1024 up with --port`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') throw new PodsimError(`${host} is no address of this machine`);
    throw error;
  }
}

/** The CA that the cluster's signer signs for (CertificateSigningRequests): whom it has certified may come in. PEM. */
async function authorityOf(turn: Turn): Promise<string> {
  try {
    const path = '/api/v1/namespaces/kube-system/configmaps/kube-root-ca.crt';
    const { status, body } = await turn.transport({ method: 'GET', path, headers: {} });
    const certificate = status === 200 ? (body as ConfigMap).data?.['ca.crt'] : undefined;
    return certificate === undefined ? '' : authorityCertificate(certificate);
  } catch (error) {
    // Who serves the cluster already is told apart later.
    if (error instanceof Served) return '';
    throw error;
  }
}

const text = (error: unknown, isLong: boolean): string => (error instanceof Error ? ((isLong ? error.stack : undefined) ?? error.message) : String(error));

/** The cluster's API, and beside it the way for podsim's own commands. */
function withLending(turn: Turn): Transport {
  return async (request) => (request.path.startsWith(LEND) ? lend(turn, request) : turn.transport(request));
}

async function lend(turn: Turn, { user, signal }: ApiRequest): Promise<ApiResponse> {
  if (user !== undefined && !isAdministrator(user)) return failed(forbidden('clusters', '', 'only the administrator may borrow the cluster'));
  const gone = signal ?? AbortSignal.abort();
  async function* chunks(): AsyncGenerator<string, void> {
    await turn.lend(gone);
    yield '{}\n';
    await new Promise<void>((resolve) => {
      if (gone.aborted) resolve();
      gone.addEventListener('abort', () => resolve());
    });
  }
  return { status: 200, headers: { 'content-type': 'application/json' }, body: chunks() };
}

/** Who listens everywhere is reached here. */
const reachable = (url: string): string => url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');

/** Adds the cluster to what else the file holds, and makes it the current one. */
async function writeKubeconfig(files: Files, path: string, name: string, server: string, { ca, client }: Credentials): Promise<void> {
  const config = await loadKubeconfig(files, path);
  const context = `podsim-${name}`.replace(/^podsim-podsim$/, 'podsim');
  const others = <T extends { readonly name: string }>(list: readonly T[]): readonly T[] => list.filter((one) => one.name !== context);
  const data = (pem: string) => Buffer.from(pem).toString('base64');
  const known = config.contexts.find((one) => one.name === context)?.context.namespace;
  await saveKubeconfig(files, path, {
    ...config,
    clusters: [...others(config.clusters), { name: context, cluster: { 'certificate-authority-data': data(ca.certificate), server } }],
    contexts: [
      ...others(config.contexts),
      { name: context, context: { cluster: context, ...(known === undefined ? {} : { namespace: known }), user: context } },
    ],
    users: [...others(config.users), { name: context, user: { 'client-certificate-data': data(client.certificate), 'client-key-data': data(client.key) } }],
    'current-context': context,
  });
}
