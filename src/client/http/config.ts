/** From a kubeconfig's entries to a connection (k8s.io/client-go tools/clientcmd client_config.go, transport). */
import type { HttpClientOptions } from '../http.js';

type Entry = Readonly<Record<string, unknown>>;

/** `read` gets paths as they stand in the kubeconfig. Throws with clientcmd's words. */
export async function clientOptions(
  server: string,
  cluster: Entry,
  user: Entry,
  token: string,
  read: (path: string) => Promise<string>,
): Promise<HttpClientOptions> {
  const ca = await pem(cluster, 'certificate-authority', read);
  const certificate = await pem(user, 'client-certificate', read);
  const key = await pem(user, 'client-key', read);
  const bearer = token !== '' ? token : typeof user['tokenFile'] === 'string' ? (await read(user['tokenFile'])).trim() : '';
  return {
    server,
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(key === undefined ? {} : { key }),
    ...(bearer === '' ? {} : { token: bearer }),
    ...(typeof user['username'] === 'string' ? { username: user['username'], password: String(user['password'] ?? '') } : {}),
    ...(cluster['insecure-skip-tls-verify'] === true ? { isInsecure: true } : {}),
    ...(typeof cluster['tls-server-name'] === 'string' ? { serverName: cluster['tls-server-name'] } : {}),
  };
}

/** Data goes before a file. */
async function pem(entry: Entry, name: string, read: (path: string) => Promise<string>): Promise<string | undefined> {
  const data = entry[`${name}-data`];
  if (typeof data === 'string' && data !== '') return Buffer.from(data, 'base64').toString('utf8');
  const path = entry[name];
  return typeof path === 'string' && path !== '' ? read(path) : undefined;
}
