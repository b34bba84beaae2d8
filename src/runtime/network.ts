/** The cluster's network as a node's runtime sees it: names, routes, and who answers at the other end. */
import type { ProcessHost } from './process.js';
import type { RuntimeContext } from './processes.js';
import type { SandboxRecord } from './state.js';

type ResolveResult = ReturnType<ProcessHost['network']['resolve']>;
type HttpRequest = Parameters<ProcessHost['network']['http']>[0];
type NetworkResult = ReturnType<ProcessHost['network']['http']>;

/** Given to every node's runtime by the cluster. */
export interface NetworkView {
  resolve(name: string, from: SandboxRecord, context: RuntimeContext): ResolveResult;
  http(request: HttpRequest, from: SandboxRecord, context: RuntimeContext): NetworkResult;
  tcp(host: string, port: number, data: string | undefined, from: SandboxRecord, context: RuntimeContext): NetworkResult;
}
